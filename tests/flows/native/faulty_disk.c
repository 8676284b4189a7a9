/* A disk that fails on demand, for one folder: preloaded into a program, it counts what the
 * program does to files below $FAULTY_FOLDER and fails the operations that are asked for.
 *
 * $FAULTY_CONTROL is a file that both sides map; tools/faulty_disk.py writes the other half of
 * `struct control`. Operations are those that the C library is asked for: what SQLite writes by
 * memory maps (the log's index, which is made anew at need) passes unseen. A child made by fork
 * goes on counting in the same place.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, RENAME = 4, CREATE = 8, REMOVE = 16, SIZE = 32, READ = 64, MODE = 128 };
enum { PASS, FAIL, SHORT };

#define TRACED 65536

struct control {
    uint64_t seen;              /* operations so far */
    uint64_t first, last;       /* which of them fail, counted from 1; first 0: none */
    uint64_t failed;            /* how many did */
    uint32_t counted, failing;  /* kinds that are counted, and of these those that may fail */
    int32_t code;               /* the errno; with is_short, 0 lets all but the short write be */
    uint32_t is_short;          /* the first one, if it is a write, does half of its work */
    uint32_t first_failed;      /* the kind of the first one that failed */
    char where[PATH_MAX];       /* and its file */
    uint8_t trace[TRACED];      /* the kinds of all that were seen, in order */
};

static struct control *control;
static char folder[PATH_MAX];
static size_t folder_length;

static void *real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

#define REAL(name) ((__typeof__(&name))({ \
    static void *known; \
    if (!known) known = real(#name); \
    known; }))

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("FAULTY_FOLDER"), *file = getenv("FAULTY_CONTROL");
    if (!where || !file || !realpath(where, folder)) return;
    folder_length = strlen(folder);
    int handle = REAL(open)(file, O_RDWR | O_CLOEXEC);
    if (handle < 0) return;
    void *mapped =
        mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
    close(handle);
    if (mapped != MAP_FAILED) control = mapped;
}

static int is_ours(const char *path) {
    return !strncmp(path, folder, folder_length) &&
           (path[folder_length] == '/' || !path[folder_length]);
}

/* What is to become of an operation of `kind` on `path`, which is absolute. */
static int judge(unsigned kind, const char *path) {
    if (!(control->counted & kind) || !is_ours(path)) return PASS;
    uint64_t number = __atomic_add_fetch(&control->seen, 1, __ATOMIC_SEQ_CST);
    if (number <= TRACED) control->trace[number - 1] = (uint8_t)kind;
    if (!control->first || number < control->first || number > control->last) return PASS;
    if (!(control->failing & kind)) return PASS;
    int is_halved = control->is_short && number == control->first && kind == WRITE;
    if (!is_halved && !control->code) return PASS;
    if (!__atomic_fetch_add(&control->failed, 1, __ATOMIC_SEQ_CST)) {
        control->first_failed = kind;
        snprintf(control->where, sizeof control->where, "%s", path);
    }
    errno = control->code;
    return is_halved ? SHORT : FAIL;
}

static int handle_judged(unsigned kind, int handle) {
    char link[64], path[PATH_MAX];
    if (!control) return PASS;
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length < 0) return PASS;
    path[length] = 0;
    return judge(kind, path);
}

static int path_judged(unsigned kind, int at, const char *name) {
    char link[64], path[2 * PATH_MAX];
    if (!control) return PASS;
    if (name[0] == '/') return judge(kind, name);
    int before = errno;
    ssize_t length;
    if (at == AT_FDCWD) {
        length = readlink("/proc/self/cwd", path, PATH_MAX - 1);
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        length = readlink(link, path, PATH_MAX - 1);
    }
    errno = before;
    if (length < 0) return PASS;
    snprintf(path + length, sizeof path - (size_t)length, "/%s", name);
    return judge(kind, path);
}

/* ------------------------------------------------------------------ bytes */

#define WRITING(name, declared, whole, half) \
    ssize_t name declared { \
        int verdict = handle_judged(WRITE, handle); \
        if (verdict == FAIL) return -1; \
        return verdict == SHORT ? REAL(name) half : REAL(name) whole; \
    }

WRITING(write, (int handle, const void *data, size_t size), (handle, data, size),
        (handle, data, (size + 1) / 2))
WRITING(pwrite, (int handle, const void *data, size_t size, off_t at), (handle, data, size, at),
        (handle, data, (size + 1) / 2, at))
WRITING(pwrite64, (int handle, const void *data, size_t size, off64_t at),
        (handle, data, size, at), (handle, data, (size + 1) / 2, at))
WRITING(writev, (int handle, const struct iovec *parts, int count), (handle, parts, count),
        (handle, parts, (count + 1) / 2))
WRITING(pwritev, (int handle, const struct iovec *parts, int count, off_t at),
        (handle, parts, count, at), (handle, parts, (count + 1) / 2, at))
WRITING(pwritev64, (int handle, const struct iovec *parts, int count, off64_t at),
        (handle, parts, count, at), (handle, parts, (count + 1) / 2, at))
WRITING(sendfile, (int handle, int from, off_t *at, size_t size), (handle, from, at, size),
        (handle, from, at, (size + 1) / 2))
WRITING(sendfile64, (int handle, int from, off64_t *at, size_t size), (handle, from, at, size),
        (handle, from, at, (size + 1) / 2))

#define BY_HANDLE(type, kind, name, declared, given) \
    type name declared { \
        return handle_judged(kind, handle) == FAIL ? -1 : REAL(name) given; \
    }

BY_HANDLE(ssize_t, READ, read, (int handle, void *data, size_t size), (handle, data, size))
BY_HANDLE(ssize_t, READ, pread, (int handle, void *data, size_t size, off_t at),
          (handle, data, size, at))
BY_HANDLE(ssize_t, READ, pread64, (int handle, void *data, size_t size, off64_t at),
          (handle, data, size, at))
BY_HANDLE(int, SYNC, fsync, (int handle), (handle))
BY_HANDLE(int, SYNC, fdatasync, (int handle), (handle))
BY_HANDLE(int, SIZE, ftruncate, (int handle, off_t size), (handle, size))
BY_HANDLE(int, SIZE, ftruncate64, (int handle, off64_t size), (handle, size))
BY_HANDLE(int, MODE, fchmod, (int handle, mode_t mode), (handle, mode))

/* They return their error instead of setting errno. */
int posix_fallocate(int handle, off_t at, off_t size) {
    return handle_judged(SIZE, handle) == FAIL ? errno : REAL(posix_fallocate)(handle, at, size);
}

int posix_fallocate64(int handle, off64_t at, off64_t size) {
    return handle_judged(SIZE, handle) == FAIL ? errno : REAL(posix_fallocate64)(handle, at, size);
}

/* ------------------------------------------------------------------ names */

#define BY_PATH(kind, name, at, declared, given) \
    int name declared { return path_judged(kind, at, path) == FAIL ? -1 : REAL(name) given; }

BY_PATH(RENAME, rename, AT_FDCWD, (const char *old, const char *path), (old, path))
BY_PATH(RENAME, renameat, into, (int at, const char *old, int into, const char *path),
        (at, old, into, path))
BY_PATH(RENAME, link, AT_FDCWD, (const char *old, const char *path), (old, path))
BY_PATH(REMOVE, unlink, AT_FDCWD, (const char *path), (path))
BY_PATH(REMOVE, unlinkat, at, (int at, const char *path, int flags), (at, path, flags))
BY_PATH(REMOVE, rmdir, AT_FDCWD, (const char *path), (path))
BY_PATH(CREATE, mkdir, AT_FDCWD, (const char *path, mode_t mode), (path, mode))
BY_PATH(CREATE, mkdirat, at, (int at, const char *path, mode_t mode), (at, path, mode))
BY_PATH(SIZE, truncate, AT_FDCWD, (const char *path, off_t size), (path, size))
BY_PATH(SIZE, truncate64, AT_FDCWD, (const char *path, off64_t size), (path, size))
BY_PATH(MODE, chmod, AT_FDCWD, (const char *path, mode_t mode), (path, mode))
BY_PATH(MODE, utimensat, at, (int at, const char *path, const struct timespec t[2], int flags),
        (at, path, t, flags))

/* Only a file that is made takes room; one that is there is only opened. */
static int opening_judged(int at, const char *path, int flags) {
    if (!(flags & O_CREAT) || !control) return PASS;
    int before = errno, is_there = !faccessat(at, path, F_OK, AT_SYMLINK_NOFOLLOW);
    errno = before;
    return is_there ? PASS : path_judged(CREATE, at, path);
}

#define MODE_OF(flags) ({ \
    mode_t mode = 0; \
    if ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    } \
    mode; })

#define OPENING(name) \
    int name(const char *path, int flags, ...) { \
        mode_t mode = MODE_OF(flags); \
        if (opening_judged(AT_FDCWD, path, flags) == FAIL) return -1; \
        return REAL(name)(path, flags, mode); \
    }
#define OPENING_AT(name) \
    int name(int at, const char *path, int flags, ...) { \
        mode_t mode = MODE_OF(flags); \
        if (opening_judged(at, path, flags) == FAIL) return -1; \
        return REAL(name)(at, path, flags, mode); \
    }

OPENING(open)
OPENING(open64)
OPENING_AT(openat)
OPENING_AT(openat64)
