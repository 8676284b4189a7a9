/* Tries every way to the network by raw system calls and writes the kernel's answers.
 *
 * Built twice: as a shared library (-DPRELOAD -fPIC -shared), whose constructor runs before
 * the program it is preloaded into, and as a program, which the library starts as a child.
 * One file for each who tried: $PROBE_DIR/<role>.<preload|thread|child>, a line for each
 * attempt: its name and the errno, 0 for success.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define ABSENT 9999 /* this kernel has no such door at all */
#define RING_PARAMETERS_BYTES 120

static char role[32] = "launcher";

static void find_role(void) {
    char line[4096];
    int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, line, sizeof line - 1);
    if (file >= 0) close(file);
    if (size <= 0) return;
    line[size] = 0;
    for (char *word = line; word < line + size; word += strlen(word) + 1) {
        if (strstr(word, "launch_with.py")) return; /* what follows is its child's */
        if (!strcmp(word, "--role") || !strcmp(word, "--as"))
            snprintf(role, sizeof role, "%s", word + strlen(word) + 1);
    }
}

static int answer(long result) {
    int code = result < 0 ? errno : 0;
    if (result >= 0) close((int)result);
    return code;
}

static int open_socket(long family, long type, long protocol) {
    return answer(syscall(SYS_socket, family, type, protocol));
}

static struct sockaddr_in listener(const char *variable) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    const char *port = getenv(variable);
    address.sin_port = htons((unsigned short)(port ? atoi(port) : 9));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int connect_tcp(void) {
    struct sockaddr_in address = listener("PROBE_TCP_PORT");
    long descriptor = syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
    if (descriptor < 0) return errno;
    long result = connect((int)descriptor, (struct sockaddr *)&address, sizeof address);
    int code = result < 0 ? errno : 0;
    close((int)descriptor);
    return code;
}

static int send_udp(const char *who) {
    struct sockaddr_in address = listener("PROBE_UDP_PORT");
    char word[64];
    int size = snprintf(word, sizeof word, "%s.%s", role, who);
    long descriptor = syscall(SYS_socket, AF_INET, SOCK_DGRAM, 0);
    if (descriptor < 0) return errno;
    long sent = sendto((int)descriptor, word, (size_t)size, 0, (struct sockaddr *)&address,
                       sizeof address);
    int code = sent < 0 ? errno : 0;
    close((int)descriptor);
    return code;
}

static int open_ring(void) {
    char parameters[RING_PARAMETERS_BYTES] = {0};
    return answer(syscall(425, 2, parameters));
}

#ifdef __x86_64__
static int call_32_bit(void) {
    pid_t child = fork(); /* a kernel without such calls answers with SIGSEGV */
    if (child == 0) {
        long result;
        __asm__ volatile("int $0x80"
                         : "=a"(result)
                         : "a"(359L), "b"(2L), "c"(1L), "d"(0L)
                         : "memory", "r8", "r9", "r10", "r11");
        _exit((int)result < 0 ? -(int)result : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? ABSENT : WEXITSTATUS(status);
}
#endif

static void try_everything(const char *who) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.%s", getenv("PROBE_DIR"), role, who);
    FILE *report = fopen(path, "we");
    if (!report) return;
    fprintf(report, "tcp %d\n", connect_tcp());
    fprintf(report, "udp %d\n", send_udp(who));
    fprintf(report, "tcp6 %d\n", open_socket(AF_INET6, SOCK_STREAM, 0));
    fprintf(report, "udp6 %d\n", open_socket(AF_INET6, SOCK_DGRAM, 0));
    fprintf(report, "mptcp %d\n", open_socket(AF_INET, SOCK_STREAM, 262));
    fprintf(report, "netlink %d\n", open_socket(AF_NETLINK, SOCK_RAW, 0));
    fprintf(report, "packet %d\n", open_socket(AF_PACKET, SOCK_RAW, 0));
    fprintf(report, "vsock %d\n", open_socket(40, SOCK_STREAM, 0));
    fprintf(report, "io_uring %d\n", open_ring());
#ifdef __x86_64__
    fprintf(report, "x32 %d\n", answer(syscall(0x40000000 | SYS_socket, AF_INET, SOCK_STREAM, 0)));
    fprintf(report, "int80 %d\n", call_32_bit());
#endif
    fclose(report);
}

#ifdef PRELOAD
static void *in_a_thread(void *unused) {
    (void)unused;
    try_everything("thread");
    return NULL;
}

static void in_a_child(void) {
    char *program = getenv("PROBE_CHILD");
    char *arguments[] = {program, "--as", role, NULL};
    size_t count = 0, kept = 0;
    pid_t child;
    if (!program) return;
    while (environ[count]) count++;
    char **clean = calloc(count + 1, sizeof *clean);
    if (!clean) return;
    for (size_t one = 0; one < count; one++)
        if (strncmp(environ[one], "LD_PRELOAD=", 11)) clean[kept++] = environ[one];
    if (!posix_spawn(&child, program, NULL, NULL, arguments, clean)) waitpid(child, NULL, 0);
    free(clean);
}

__attribute__((constructor)) static void before_main(void) {
    pthread_t thread;
    if (!getenv("PROBE_DIR")) return;
    find_role();
    try_everything("preload");
    if (!pthread_create(&thread, NULL, in_a_thread, NULL)) pthread_join(thread, NULL);
    in_a_child();
}
#else
int main(void) {
    find_role();
    try_everything("child");
    return 0;
}
#endif
