#define SYS_futex 0
#define SYS_openat 0
