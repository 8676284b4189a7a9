// Stands for libcuda in tests of the loader. It executes nothing: it proves which functions are
// called, with what, and what is made of their answers, and says nothing of any kernel or GPU.
//
// Built with -DVERSION=13000, -DCARDS=… (an initialiser of struct card), -DWITHOUT_LAUNCH.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct card { const char *name; int major, minor; size_t memory; };
static const struct card cards[] = {CARDS};
enum { COUNT = sizeof cards / sizeof *cards };

static char failing[64];
static int failure;
static char seen[1 << 16];
static unsigned char image[1 << 20];
static int context_of = -1;

// From now on `function` answers `code`.
void fake_fail(const char *function, int code) {
  snprintf(failing, sizeof failing, "%s", function);
  failure = code;
}
const char *fake_seen(void) { return seen; }
void fake_forget(void) { seen[0] = 0; }

static void note(const char *line) {
  size_t used = strlen(seen);
  snprintf(seen + used, sizeof seen - used, "%s\n", line);
}
#define ANSWER(name) do { if (!strcmp(failing, name)) return failure; } while (0)

int cuInit(unsigned flags) { ANSWER("cuInit"); return flags ? 1 : 0; }
int cuDriverGetVersion(int *version) { ANSWER("cuDriverGetVersion"); *version = VERSION; return 0; }
int cuGetErrorName(int code, const char **text) {
  static char name[32];
  if (code == 12345) return 1;
  snprintf(name, sizeof name, code == 100 ? "CUDA_ERROR_NO_DEVICE" : "CUDA_ERROR_%d", code);
  *text = name;
  return 0;
}
int cuDeviceGetCount(int *count) { ANSWER("cuDeviceGetCount"); *count = COUNT; return 0; }
int cuDeviceGet(int *device, int ordinal) {
  ANSWER("cuDeviceGet");
  if (ordinal < 0 || ordinal >= COUNT) return 101;
  *device = 10 + ordinal;
  return 0;
}
int cuDeviceGetName(char *name, int length, int device) {
  snprintf(name, (size_t)length, "%s", cards[device - 10].name);
  return 0;
}
int cuDeviceGetAttribute(int *value, int which, int device) {
  if (which != 75 && which != 76) return 1;
  *value = which == 75 ? cards[device - 10].major : cards[device - 10].minor;
  return 0;
}
int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = cards[device - 10].memory; return 0; }
int cuDevicePrimaryCtxRetain(void **context, int device) {
  ANSWER("cuDevicePrimaryCtxRetain");
  *context = (void *)(intptr_t)(device + 100);
  return 0;
}
int cuCtxSetCurrent(void *context) {
  ANSWER("cuCtxSetCurrent");
  context_of = (int)(intptr_t)context - 110;
  return 0;
}
// An image says what it was compiled for: "cubin 86" or "ptx 120".
int cuModuleLoadData(void **module, const void *bytes) {
  ANSWER("cuModuleLoadData");
  int target = 0;
  char form[8] = "", line[80];
  snprintf((char *)image, sizeof image, "%s", (const char *)bytes);
  if (sscanf((const char *)image, "%7s %d", form, &target) != 2) return 200;
  if (context_of < 0) return 201;
  int have = 10 * cards[context_of].major + cards[context_of].minor;
  if (have < target || (!strcmp(form, "cubin") && have / 10 != target / 10)) return 209;
  snprintf(line, sizeof line, "load %s %d on %d", form, target, context_of);
  note(line);
  *module = image;
  return 0;
}
int cuModuleGetFunction(void **function, void *module, const char *name) {
  ANSWER("cuModuleGetFunction");
  static char names[64][80];
  static int used;
  if (module != image || !strncmp(name, "absent", 6)) return 500;
  snprintf(names[used], sizeof names[used], "%s", name);
  *function = names[used++ % 64];
  return 0;
}
int cuFuncSetAttribute(void *function, int which, int value) {
  char line[160];
  ANSWER("cuFuncSetAttribute");
  snprintf(line, sizeof line, "set %s %d %d", (char *)function, which, value);
  note(line);
  return 0;
}
static int launched(const char *how, void *function, const unsigned *sizes, void *stream,
                    void **arguments) {
  char line[240];
  // The kernels of the tests take a pointer, an int32, an int64 and a float.
  snprintf(line, sizeof line, "%s %s grid %u %u %u block %u %u %u shared %u stream %ld on %d: %lx %d %ld %g",
           how, (char *)function, sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5],
           sizes[6], (long)(intptr_t)stream, context_of, *(unsigned long *)arguments[0],
           *(int *)arguments[1], *(long *)arguments[2], *(float *)arguments[3]);
  note(line);
  if (!strncmp((char *)function, "triton", 6))
    note(*(void **)arguments[4] || *(void **)arguments[5] ? "scratch" : "no scratch");
  return 0;
}
#ifndef WITHOUT_LAUNCH
int cuLaunchKernel(void *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                   unsigned bz, unsigned shared, void *stream, void **arguments, void **extra) {
  ANSWER("cuLaunchKernel");
  const unsigned sizes[] = {gx, gy, gz, bx, by, bz, shared};
  return extra ? 1 : launched("launch", f, sizes, stream, arguments);
}
#endif
int cuLaunchCooperativeKernel(void *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx,
                              unsigned by, unsigned bz, unsigned shared, void *stream,
                              void **arguments) {
  ANSWER("cuLaunchCooperativeKernel");
  const unsigned sizes[] = {gx, gy, gz, bx, by, bz, shared};
  return launched("together", f, sizes, stream, arguments);
}
