/* The one piece of a compiler's run time that the subset needs: 64 by 64 to 128 bits. */
typedef unsigned long long half;
typedef __int128 whole;

whole __multi3(whole a, whole b)
{
	half al = (half)a, ah = (half)((unsigned __int128)a >> 64), bl = (half)b, bh = (half)((unsigned __int128)b >> 64);
	half a0 = al & 0xffffffff, a1 = al >> 32, b0 = bl & 0xffffffff, b1 = bl >> 32;
	half low = a0 * b0, mid = a1 * b0 + (low >> 32), mid2 = a0 * b1 + (mid & 0xffffffff);
	half high = a1 * b1 + (mid >> 32) + (mid2 >> 32) + ah * bl + al * bh;
	return (whole)(((unsigned __int128)high << 64) | ((mid2 << 32) | (low & 0xffffffff)));
}
