// SPDX-License-Identifier: GPL-3.0-or-later
// Preloaded into the program under test: ends it, as a power cut would, before the step that KB_KILL_AT
// names. A step is a call by which something leaves the process: bytes to a socket or a file, a file that
// gets another name or is taken away. The program itself knows nothing of it.
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

std::atomic<int> steps{0};

void step() {
    static const int last = [] {
        const char* text = std::getenv("KB_KILL_AT");
        return text ? std::atoi(text) : 0;
    }();
    if (last == 0 || ++steps != last) return;
    // Whoever got the step before may act on it first: its effect is then there, and not by chance.
    const timespec nap{0, 20'000'000};
    nanosleep(&nap, nullptr);
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

/// Sockets and files; a thread that wakes another by an event counter is no step.
bool leaves(int file) {
    struct stat what {};
    return file > 2 && fstat(file, &what) == 0 && (S_ISREG(what.st_mode) || S_ISSOCK(what.st_mode));
}

template<class Call> Call next(const char* name) {
    return reinterpret_cast<Call>(dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

ssize_t send(int file, const void* bytes, size_t size, int flags) {
    static const auto real = next<ssize_t (*)(int, const void*, size_t, int)>("send");
    step();
    return real(file, bytes, size, flags);
}

ssize_t sendto(int file, const void* bytes, size_t size, int flags, const sockaddr* to, socklen_t length) {
    static const auto real =
        next<ssize_t (*)(int, const void*, size_t, int, const sockaddr*, socklen_t)>("sendto");
    step();
    return real(file, bytes, size, flags, to, length);
}

ssize_t sendmsg(int file, const msghdr* message, int flags) {
    static const auto real = next<ssize_t (*)(int, const msghdr*, int)>("sendmsg");
    step();
    return real(file, message, flags);
}

ssize_t write(int file, const void* bytes, size_t size) {
    static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
    if (leaves(file)) step();
    return real(file, bytes, size);
}

ssize_t writev(int file, const iovec* parts, int count) {
    static const auto real = next<ssize_t (*)(int, const iovec*, int)>("writev");
    if (leaves(file)) step();
    return real(file, parts, count);
}

int rename(const char* from, const char* to) noexcept {
    static const auto real = next<int (*)(const char*, const char*)>("rename");
    step();
    return real(from, to);
}

int unlink(const char* path) noexcept {
    static const auto real = next<int (*)(const char*)>("unlink");
    step();
    return real(path);
}
}
