// In the place of the frozen program, to try the installer and the starter: it writes down how it
// was started, and ends with the number that its first argument names.
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

int main(int count, char** arguments) {
  std::printf("stand-in %s\n", PK_STAND_IN);
  for (int i = 0; i < count; i++) std::printf("argument %d: %s\n", i, arguments[i]);
  std::fflush(stdout);
  if (count > 1 && std::strcmp(arguments[1], "wait") == 0) Sleep(20000);
  return count > 1 ? std::atoi(arguments[1]) : 0;
}
