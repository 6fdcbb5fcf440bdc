/*
 * Preloaded into a store's process, notes what would survive a power loss, for PowerLoss.java.
 *
 *   S inode size      a file's content up to size was synced
 *   D / E inode name  a directory was synced, with these entries
 *
 * Only files under $POWERLOSS_STORE count. A name that is removed or replaced lives on in
 * $POWERLOSS_GRAVES under its inode number, for it comes back when the directory was not synced
 * afterwards. While $POWERLOSS_FAIL_SYNC exists syncs fail; while $POWERLOSS_SLOW_SYNC exists each
 * takes a quarter of a second more; while $POWERLOSS_LIE exists they do nothing, and say that they
 * did; while $POWERLOSS_FULL exists the disk is full. $POWERLOSS_CLOCK is a file of eight bytes: by
 * so many milliseconds the clock of this process is ahead.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int triggered(const char *variable) {
    const char *path = getenv(variable);
    return path && access(path, F_OK) == 0;
}

static int counts(const char *path) {
    const char *store = getenv("POWERLOSS_STORE");
    return store && strncmp(path, store, strlen(store)) == 0;
}

static int counts_fd(int fd, char path[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return counts(path);
}

static void note(const char *text, size_t length) {
    int log = open(getenv("POWERLOSS_LOG"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (log < 0 || syscall(SYS_write, log, text, length) != (ssize_t)length) abort();
    close(log);
}

static int sync_noted(int fd, int (*real)(int)) {
    char path[PATH_MAX], text[65536];
    if (!counts_fd(fd, path)) return real(fd);
    if (triggered("POWERLOSS_FAIL_SYNC")) { errno = EIO; return -1; }
    if (triggered("POWERLOSS_LIE")) return 0;
    if (triggered("POWERLOSS_SLOW_SYNC")) usleep(250000);
    struct stat st;
    if (fstat(fd, &st) != 0) abort();
    int length = 0;
    if (S_ISDIR(st.st_mode)) {
        length += snprintf(text, sizeof text, "D\n");
        DIR *dir = opendir(path);
        for (struct dirent *entry; dir && (entry = readdir(dir));) {
            if (entry->d_type == DT_REG) {
                length += snprintf(text + length, sizeof text - length, "E %lu %s\n",
                                   (unsigned long)entry->d_ino, entry->d_name);
                if (length > (int)sizeof text - 512) abort();
            }
        }
        if (dir) closedir(dir);
    } else {
        length = snprintf(text, sizeof text, "S %lu %ld\n", (unsigned long)st.st_ino,
                          (long)st.st_size);
    }
    int result = real(fd);
    if (result == 0) note(text, length);
    return result;
}

static void bury(const char *path) {
    struct stat st;
    char grave[PATH_MAX];
    if (counts(path) && stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
        snprintf(grave, sizeof grave, "%s/%lu", getenv("POWERLOSS_GRAVES"),
                 (unsigned long)st.st_ino);
        if (link(path, grave) != 0 && errno != EEXIST) abort();
    }
}

int fsync(int fd) { REAL(fsync); return sync_noted(fd, real); }

int fdatasync(int fd) { REAL(fdatasync); return sync_noted(fd, real); }

int unlink(const char *path) { REAL(unlink); bury(path); return real(path); }

int rename(const char *from, const char *to) { REAL(rename); bury(to); return real(from, to); }

ssize_t write(int fd, const void *bytes, size_t count) {
    REAL(write);
    char path[PATH_MAX];
    if (triggered("POWERLOSS_FULL") && counts_fd(fd, path)) { errno = ENOSPC; return -1; }
    return real(fd, bytes, count);
}

static long ahead_milliseconds(void) {
    static const volatile long *mapped;
    static int tried;
    if (!tried) {
        const char *path = getenv("POWERLOSS_CLOCK");
        int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        if (file >= 0) {
            void *page = mmap(NULL, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
            if (page == MAP_FAILED) abort();
            mapped = page;
            close(file);
        }
        tried = 1;
    }
    return mapped ? *mapped : 0;
}

int clock_gettime(clockid_t id, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(id, time);
    if (result == 0 && id == CLOCK_REALTIME) {
        long nanoseconds = time->tv_nsec + ahead_milliseconds() % 1000 * 1000000;
        time->tv_sec += ahead_milliseconds() / 1000;
        if (nanoseconds < 0) { nanoseconds += 1000000000; time->tv_sec--; }
        if (nanoseconds >= 1000000000) { nanoseconds -= 1000000000; time->tv_sec++; }
        time->tv_nsec = nanoseconds;
    }
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    (void)zone;
    struct timespec now;
    int result = clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return result;
}
