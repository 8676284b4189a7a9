# CMake's toolchain with Debian's gcc for Windows (g++-mingw-w64-x86-64-posix), to compare with.
# Nothing is shipped from it: zig.cmake says why.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_FIND_ROOT_PATH /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-static -Wl,--nxcompat,--dynamicbase,--high-entropy-va")
set(PK_WAITING synchronization CACHE STRING "the import library of WaitOnAddress")
