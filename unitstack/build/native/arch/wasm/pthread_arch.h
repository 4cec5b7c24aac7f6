static inline uintptr_t __get_tp(void) { return 0; }
#define MC_PC 0
