#include "app/run/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fingerprint.h"

static const char ending[] = ".tmp", kept[] = ".old";

static const uint64_t second = 1000000000;

/* Found out no earlier than for the first file, once. */
static struct {
    pthread_once_t once;
    bool known; /* else, names don't say whose they are */
    uint32_t number;
    pid_t pid; /* ours */
} machine = {.once = PTHREAD_ONCE_INIT};

/* Reads a small file of /proc as text. */
static bool read_text(const char *path, char *text, size_t size) {
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t length = fd >= 0 ? read(fd, text, size - 1) : -1;
    if (fd >= 0) {
        close(fd);
    }
    text[length > 0 ? length : 0] = '\0';
    return length > 0;
}

/* A container with processes of its own has a /proc of its own, which has a device number of its
 * own: that is a tenth of the price of asking for the namespace. If /proc shows us under another
 * number, it isn't ours. */
static void find_machine(void) {
    char text[64];
    struct stat proc;
    machine.pid = getpid();
    const ssize_t length = readlink("/proc/self", text, sizeof text - 1);
    text[length > 0 ? length : 0] = '\0';
    if (strtol(text, NULL, 10) != machine.pid || stat("/proc", &proc) != 0 ||
        !read_text("/proc/sys/kernel/random/boot_id", text, sizeof text)) {
        return;
    }
    const uint64_t device = proc.st_dev;
    const uint32_t boot = ct_fingerprint(CT_FINGERPRINT_START, text, strlen(text));
    machine.number = ct_fingerprint(boot, &device, sizeof device);
    machine.known = true;
}

static void print_name(char name[APP_OWNED_NAME], uint32_t where, pid_t pid, uint64_t when) {
    snprintf(name, APP_OWNED_NAME, ".convtool-%08" PRIx32 "-%x-%" PRIx64 "%s", where,
             (unsigned int)pid, when, ending);
}

void app_owned_name(char name[APP_OWNED_NAME]) {
    struct timespec now = {0};
    clock_gettime(CLOCK_BOOTTIME, &now);
    const uint64_t when = (uint64_t)now.tv_sec * second + (uint64_t)now.tv_nsec;
    pthread_once(&machine.once, find_machine);
    if (machine.known) {
        print_name(name, machine.number, machine.pid, when);
    } else {
        snprintf(name, APP_OWNED_NAME, ".convtool-%x-%" PRIx64 "%s", (unsigned int)machine.pid,
                 when, ending);
    }
}

/* Only a name that print_name would give. */
static bool parse_name(const char *name, uint32_t *where, pid_t *pid, uint64_t *when) {
    char again[APP_OWNED_NAME];
    unsigned int number;
    if (sscanf(name, ".convtool-%8" SCNx32 "-%8x-%16" SCNx64, where, &number, when) != 3) {
        return false;
    }
    *pid = (pid_t)number;
    print_name(again, *where, *pid, *when);
    return *pid > 0 && strcmp(name, again) == 0;
}

/* Whether the process has ended, waited for or not, or began after that time, so that it only has
 * the number of an earlier one. Where /proc hides other users' processes, nobody can tell. */
static bool is_gone(pid_t pid, uint64_t when) {
    char path[32], text[1024];
    if (kill(pid, 0) != 0 && errno == ESRCH) {
        return true;
    }
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    /* The name in brackets may hold anything; behind it are the fields from the third on. */
    const char *at = read_text(path, text, sizeof text) ? strrchr(text, ')') : NULL;
    const bool ended = at && strncmp(at, ") Z", 3) == 0;
    for (int field = 3; at && field <= 22; field++) {
        at = strchr(at + 1, ' ');
    }
    const uint64_t ticks = at ? strtoull(at, NULL, 10) : 0, rate = (uint64_t)sysconf(_SC_CLK_TCK);
    return ended || ticks / rate * second + ticks % rate * (second / rate) > when;
}

bool app_owner_is_gone(const char *name) {
    uint32_t where;
    pid_t pid;
    uint64_t when;
    if (!parse_name(name, &where, &pid, &when)) {
        return false;
    }
    pthread_once(&machine.once, find_machine);
    return machine.known && where == machine.number && is_gone(pid, when);
}

void app_owned_name_keep(char *name) {
    strcpy(name + strlen(name) - (sizeof ending - 1), kept);
}
