/* Shows a process another wall clock: CLOCK_SHIFT_SECONDS is added to what it is told.
 * Waits with a deadline on that clock get it shifted back, since the kernel keeps the true one; deadlines of the
 * steady clock are far smaller than any wall clock time and are left alone. LD_PRELOAD it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define WALL_CLOCK_SECONDS 1000000000L

static long shift(void) {
    static long seconds, known;
    if (!known) {
        const char *text = getenv("CLOCK_SHIFT_SECONDS");
        seconds = text ? atol(text) : 0;
        known = 1;
    }
    return seconds;
}

static struct timespec back(const struct timespec *deadline) {
    struct timespec real = *deadline;
    if (real.tv_sec > WALL_CLOCK_SECONDS) real.tv_sec -= shift();
    return real;
}

static void *next(const char *name) {
    void *found = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2"); /* condition variables have an older form too */
    return found ? found : dlsym(RTLD_NEXT, name);
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    int result = (int)syscall(SYS_clock_gettime, clock, at);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) at->tv_sec += shift();
    return result;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return (time_t)-1;
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}

int timespec_get(struct timespec *at, int base) {
    return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, at) == 0 ? base : 0;
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict deadline) {
    static int (*real)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    struct timespec shifted = back(deadline);
    if (!real) *(void **)&real = next("pthread_cond_timedwait");
    return real(condition, mutex, &shifted);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict deadline) {
    static int (*real)(pthread_mutex_t *, const struct timespec *);
    struct timespec shifted = back(deadline);
    if (!real) *(void **)&real = next("pthread_mutex_timedlock");
    return real(mutex, &shifted);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict deadline) {
    static int (*real)(sem_t *, const struct timespec *);
    struct timespec shifted = back(deadline);
    if (!real) *(void **)&real = next("sem_timedwait");
    return real(semaphore, &shifted);
}

int pthread_cond_clockwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, clockid_t clock, const struct timespec *restrict deadline) {
    static int (*real)(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *);
    struct timespec shifted = back(deadline);
    if (!real) *(void **)&real = next("pthread_cond_clockwait");
    return real(condition, mutex, clock, &shifted);
}

/* The waits of C11, which librdkafka uses, do not go through the ones above. */
int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex, const struct timespec *restrict deadline) {
    static int (*real)(cnd_t *, mtx_t *, const struct timespec *);
    struct timespec shifted = back(deadline);
    if (!real) *(void **)&real = next("cnd_timedwait");
    return real(condition, mutex, &shifted);
}

int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict deadline) {
    static int (*real)(mtx_t *, const struct timespec *);
    struct timespec shifted = back(deadline);
    if (!real) *(void **)&real = next("mtx_timedlock");
    return real(mutex, &shifted);
}
