# CMake's toolchain for the native kernels on Windows, from any system: the clang, libc++ and
# headers of PyPI's `ziglang`, in the environment whose Python is running.
#
#   cmake -S . -B build/windows/x86_64 -G Ninja -DCMAKE_TOOLCHAIN_FILE=packaging/windows/zig.cmake
#
# Not mingw's gcc, whose bug 54412 keeps 32- and 64-byte vectors on a stack that it aligns to 16: an
# aligned access there ends the program. Debian's gcc 12 avoids it by aligned moves that it never
# emits (measured: README.md), others do not; clang aligns the stack, and is the same on Windows.
set(CMAKE_SYSTEM_NAME Windows)
set(PK_PROCESSOR x86_64 CACHE STRING "x86_64 or aarch64")
set(CMAKE_SYSTEM_PROCESSOR ${PK_PROCESSOR})
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES PK_PROCESSOR PK_PYTHON)
find_program(PK_PYTHON NAMES python3 python REQUIRED DOC "a Python that has ziglang")
set(PK_ZIG ${PK_PYTHON} -m ziglang)
set(CMAKE_CXX_COMPILER ${PK_ZIG} c++ -target ${PK_PROCESSOR}-windows-gnu)
set(CMAKE_C_COMPILER ${PK_ZIG} cc -target ${PK_PROCESSOR}-windows-gnu)
