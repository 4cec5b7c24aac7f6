/* No system: a call that the subset happens to name answers "not implemented". */
#define __SYSCALL_LL_E(x) (x)
#define __SYSCALL_LL_O(x) (x)
#define ABSENT (-38)
static inline long __syscall0(long n) { (void)n; return ABSENT; }
static inline long __syscall1(long n, long a) { (void)n; (void)a; return ABSENT; }
static inline long __syscall2(long n, long a, long b) { (void)n; (void)a; (void)b; return ABSENT; }
static inline long __syscall3(long n, long a, long b, long c) { (void)n; (void)a; (void)b; (void)c; return ABSENT; }
static inline long __syscall4(long n, long a, long b, long c, long d) { (void)n; (void)a; (void)b; (void)c; (void)d; return ABSENT; }
static inline long __syscall5(long n, long a, long b, long c, long d, long e) { (void)n; (void)a; (void)b; (void)c; (void)d; (void)e; return ABSENT; }
static inline long __syscall6(long n, long a, long b, long c, long d, long e, long f) { (void)n; (void)a; (void)b; (void)c; (void)d; (void)e; (void)f; return ABSENT; }
