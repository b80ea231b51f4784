#include "app/run/keys.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "app/run/cleanup.h"

/* Signal handlers get no argument, so this is global. */
static struct termios before, during;
static volatile sig_atomic_t begun, changed;

static const char enter_screen[] = "\033[?1049h\033[?25l", leave_screen[] = "\033[?25h\033[?1049l";

static void put(const char *text) {
    const ssize_t written = write(STDOUT_FILENO, text, strlen(text));
    (void)written; /* a terminal that is gone can't be told */
}

/* Only calls that a handler may make. */
static void put_back(void) {
    if (begun) {
        begun = 0;
        put(leave_screen);
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    }
}

static void take(void) {
    tcsetattr(STDIN_FILENO, TCSANOW, &during);
    put(enter_screen);
    begun = 1;
}

/* Ctrl-Z: the shell gets its terminal as it was, and the program its own when it goes on. */
static void on_stop(int signal_number) {
    const int code = errno;
    struct sigaction own, usual = {.sa_handler = SIG_DFL};
    sigset_t set;
    put_back();
    sigaction(signal_number, &usual, &own);
    kill(getpid(), signal_number);
    sigemptyset(&set);
    sigaddset(&set, signal_number);
    sigprocmask(SIG_UNBLOCK, &set, NULL); /* it stops here */
    sigaction(signal_number, &own, NULL);
    take();
    changed = 1;
    errno = code;
}

static void on_change(int signal_number) {
    (void)signal_number;
    changed = 1;
}

bool app_keys_begin(ct_error *err) {
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return ct_fail(err, "can't read keys: %s", strerror(errno));
    }
    during = before;
    during.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    during.c_cc[VMIN] = 1;
    during.c_cc[VTIME] = 0;
    /* What is being written goes on after them. */
    struct sigaction stop = {.sa_handler = on_stop, .sa_flags = SA_RESTART};
    struct sigaction change = {.sa_handler = on_change, .sa_flags = SA_RESTART};
    sigaction(SIGTSTP, &stop, NULL);
    sigaction(SIGWINCH, &change, NULL);
    app_signals_before_end(put_back);
    atexit(put_back);
    take();
    return true;
}

void app_keys_end(void) {
    put_back();
    app_signals_before_end(NULL);
    signal(SIGTSTP, SIG_DFL);
    signal(SIGWINCH, SIG_DFL);
}

/* What follows Escape and a bracket. */
static const struct {
    const char *code;
    app_key key;
} codes[] = {
    {"A", APP_KEY_UP},    {"B", APP_KEY_DOWN}, {"C", APP_KEY_RIGHT},    {"D", APP_KEY_LEFT},
    {"H", APP_KEY_HOME},  {"F", APP_KEY_END},  {"1~", APP_KEY_HOME},    {"4~", APP_KEY_END},
    {"7~", APP_KEY_HOME}, {"8~", APP_KEY_END}, {"5~", APP_KEY_PAGE_UP}, {"6~", APP_KEY_PAGE_DOWN},
};

/* A byte; -1 where there is none, or none within `wait` milliseconds (-1: any time). */
static int read_byte(int wait) {
    unsigned char byte;
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    int ready = 0;
    do {
        ready = poll(&in, 1, wait);
    } while (ready < 0 && errno == EINTR); /* also by handlers with SA_RESTART */
    return ready == 1 && read(STDIN_FILENO, &byte, 1) == 1 ? byte : -1;
}

enum { CODE_WAIT = 50 }; /* the bytes of one key come together */

static app_key read_code(void) {
    char code[8] = "";
    const int first = read_byte(CODE_WAIT);
    if (first != '[' && first != 'O') {
        return first < 0 ? APP_KEY_QUIT : APP_KEY_NONE;
    }
    for (size_t i = 0; i < sizeof code - 1; i++) {
        const int byte = read_byte(CODE_WAIT);
        if (byte < 0) {
            break;
        }
        code[i] = (char)byte;
        if (byte >= '@') { /* the last of a code */
            break;
        }
    }
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (strcmp(code, codes[i].code) == 0) {
            return codes[i].key;
        }
    }
    return APP_KEY_NONE;
}

app_key app_key_read(void) {
    enum { LOOK = 200 }; /* milliseconds: a signal may come just before the wait for a key */
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    while (!changed && poll(&in, 1, LOOK) == 0) {
    }
    if (changed) { /* a key that came meanwhile stays for the next call */
        changed = 0;
        return APP_KEY_RESIZED;
    }
    const int byte = read_byte(-1);
    switch (byte) {
    case -1:
    case 4: /* Ctrl-D */
    case 'q':
    case 'Q':
        return APP_KEY_QUIT;
    case '\033':
        return read_code();
    case '\r':
    case '\n':
    case ' ':
        return APP_KEY_ENTER;
    default:
        return APP_KEY_NONE;
    }
}
