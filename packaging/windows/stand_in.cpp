// In the place of the frozen program, to try the installer and the starter: it writes down how it
// was started, and ends with the number that its first argument names.
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <cstdio>
#include <cwchar>

void tell(const wchar_t* text) {
  char bytes[2000] = "";
  WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, sizeof bytes, nullptr, nullptr);
  std::printf("%s\n", bytes);
}

int wmain(int count, wchar_t** arguments) {
  std::printf("stand-in %s\n", PK_STAND_IN);
  for (int i = 0; i < count; i++) {
    std::printf("argument %d: ", i);
    tell(arguments[i]);
  }
  std::fflush(stdout);
  if (count > 1 && std::wcscmp(arguments[1], L"wait") == 0) Sleep(20000);
  return count > 1 ? static_cast<int>(std::wcstol(arguments[1], nullptr, 10)) : 0;
}
