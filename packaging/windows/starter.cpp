// Starts Pitcher in the version that `current` names, of the folder that this program lies in: on
// Windows what packaging/linux/pitcher-start.sh is elsewhere, with the same files and the same rules.
//
// While a version has not started once there is a file `tries`, to which each start adds a byte; the
// program removes it. After two starts in vain the version before is taken again (app/updates).
//
// Built twice: pitcher.exe has no console and speaks in a box, pitcher-cli.exe (PK_CONSOLE) writes
// to its console. It loads nothing but the system's own libraries, from the system's own folder.
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>

#include <string>

namespace {

using Text = std::wstring;

#if defined(PK_CONSOLE)
constexpr wchar_t kProgram[] = L"pitcher-cli.exe";
#else
constexpr wchar_t kProgram[] = L"pitcher.exe";
#endif
constexpr DWORD kMostTries = 2;
constexpr DWORD kMostNameBytes = 100;
constexpr size_t kMostPath = 32768;

Text prefix;
bool is_german;

// A sentence; and the box is shown only where the start is over, so that no start waits for it.
void say(const Text& english, const Text& german, bool is_over) {
  const Text text = is_german ? german : english;
#if defined(PK_CONSOLE)
  (void)is_over;
  const Text line = L"pitcher: " + text + L"\r\n";
  const HANDLE error = GetStdHandle(STD_ERROR_HANDLE);
  DWORD done = 0;
  if (WriteConsoleW(error, line.data(), static_cast<DWORD>(line.size()), &done, nullptr)) return;
  char bytes[4096];
  const int count = WideCharToMultiByte(CP_UTF8, 0, line.data(), static_cast<int>(line.size()), bytes,
                                        sizeof bytes, nullptr, nullptr);
  if (count > 0) WriteFile(error, bytes, static_cast<DWORD>(count), &done, nullptr);
#else
  if (is_over) MessageBoxW(nullptr, text.c_str(), L"Pitcher", MB_ICONERROR | MB_OK);
#endif
}

bool find_prefix() {
  Text path(kMostPath, L'\0');
  const DWORD length = GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
  if (length == 0 || length >= path.size()) return false;
  path.resize(length);
  const size_t last = path.rfind(L'\\');
  if (last == Text::npos) return false;
  prefix = path.substr(0, last);
  return true;
}

Text in_prefix(const Text& name) { return prefix + L"\\" + name; }
Text program_of(const Text& version) { return in_prefix(L"versions\\" + version + L"\\" + kProgram); }

bool is_file(const Text& path) {
  const DWORD found = GetFileAttributesW(path.c_str());
  return found != INVALID_FILE_ATTRIBUTES && !(found & FILE_ATTRIBUTE_DIRECTORY);
}

// The version that a file names; empty where it names none that is whole.
Text read_version(const Text& name) {
  const HANDLE file = CreateFileW(in_prefix(name).c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE,
                                  nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) return L"";
  char bytes[kMostNameBytes];
  DWORD count = 0;
  const bool read = ReadFile(file, bytes, sizeof bytes, &count, nullptr);
  CloseHandle(file);
  Text version;
  for (DWORD i = 0; read && i < count && bytes[i] != '\n' && bytes[i] != '\r'; i++) {
    const char c = bytes[i];
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.')) return L"";
    version += static_cast<wchar_t>(c);
  }
  if (version.empty() || version[0] == L'.' || !is_file(program_of(version))) return L"";
  return version;
}

// One file gets one line, whole or not at all. Fails quietly: a medium may be read-only.
bool write_line(const Text& name, const Text& version) {
  const Text draft = in_prefix(L"." + name + L".new");
  const HANDLE file = CreateFileW(draft.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) return false;
  std::string line(version.begin(), version.end());
  line += '\n';
  DWORD count = 0;
  const bool wrote = WriteFile(file, line.data(), static_cast<DWORD>(line.size()), &count, nullptr) &&
                     count == line.size() && FlushFileBuffers(file);
  CloseHandle(file);
  return wrote && MoveFileExW(draft.c_str(), in_prefix(name).c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH);
}

// Counts this start, where the current version has not started yet; true where it was tried enough.
bool was_tried_enough() {
  const Text tries = in_prefix(L"tries");
  if (!is_file(tries)) return false;
  const HANDLE file = CreateFileW(tries.c_str(), FILE_APPEND_DATA | FILE_READ_ATTRIBUTES,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                  OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) return false;
  const DWORD size = GetFileSize(file, nullptr);
  DWORD count = 0;
  const bool enough = size != INVALID_FILE_SIZE && size >= kMostTries;
  if (!enough) WriteFile(file, ".", 1, &count, nullptr);
  CloseHandle(file);
  return enough;
}

// From `current` to `previous`, in an order in which each kill leaves one of them.
void fall_back(const Text& current, const Text& previous) {
  if (!write_line(L"fell-back", current) || !write_line(L"current", previous)) return;
  DeleteFileW(in_prefix(L"tries").c_str());
  DeleteFileW(in_prefix(L"previous").c_str());
}

Text choose() {
  const Text current = read_version(L"current"), previous = read_version(L"previous");
  if (current.empty()) {
    if (!previous.empty())
      say(L"The version in use is not whole; version " + previous + L" is started. Install Pitcher again.",
          L"Die Version in Gebrauch ist nicht vollständig; Version " + previous +
              L" wird gestartet. Installiere Pitcher neu.", false);
    return previous;
  }
  if (previous.empty() || previous == current || !was_tried_enough()) return current;
  say(L"Version " + current + L" did not start twice; version " + previous + L" is started again.",
      L"Version " + current + L" ist zweimal nicht gestartet; Version " + previous + L" wird wieder gestartet.", false);
  fall_back(current, previous);
  return previous;
}

// What stands behind this program's own name, as it was typed.
Text arguments() {
  const wchar_t* at = GetCommandLineW();
  bool quoted = false;
  for (; *at && (quoted || (*at != L' ' && *at != L'\t')); at++)
    if (*at == L'"') quoted = !quoted;
  return at;
}

int start(const Text& program) {
  Text line = L"\"" + program + L"\"" + arguments();
  STARTUPINFOW how;
  GetStartupInfoW(&how);
  PROCESS_INFORMATION process{};
  if (!CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &how, &process)) {
    say(L"The program " + program + L" can't be started (error " + std::to_wstring(GetLastError()) +
            L"). Install Pitcher again; chats and models are kept.",
        L"Das Programm " + program + L" lässt sich nicht starten (Fehler " + std::to_wstring(GetLastError()) +
            L"). Installiere Pitcher neu; Chats und Modelle bleiben.", true);
    return 126;
  }
  CloseHandle(process.hThread);
  // So that the program may bring its window forward, as this one might have.
  AllowSetForegroundWindow(process.dwProcessId);
  WaitForSingleObject(process.hProcess, INFINITE);
  DWORD code = 1;
  GetExitCodeProcess(process.hProcess, &code);
  CloseHandle(process.hProcess);
  return static_cast<int>(code);
}

BOOL WINAPI leave_it_to_the_program(DWORD) { return TRUE; }

}  // namespace

int main() {
  // The folder that somebody stands in, and this program's own, are no places for libraries.
  SetDllDirectoryW(L"");
  SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
  SetConsoleCtrlHandler(leave_it_to_the_program, TRUE);  // Ctrl-C is for it, and this one waits
  is_german = PRIMARYLANGID(GetUserDefaultUILanguage()) == LANG_GERMAN;
  if (!find_prefix()) {
    say(L"The folder of this program can't be found.", L"Der Ordner dieses Programms ist nicht zu finden.", true);
    return 1;
  }
  const Text version = choose();
  if (version.empty()) {
    say(L"No version in " + prefix + L" is whole. Install Pitcher again; chats and models are kept.",
        L"Keine Version in " + prefix + L" ist vollständig. Installiere Pitcher neu; Chats und Modelle bleiben.", true);
    return 1;
  }
  return start(program_of(version));
}
