/* The loaders look for it and never call it; a program's own main, which tests it elsewhere, is another. */
__attribute__((export_name("main"))) int ao_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 0;
}
