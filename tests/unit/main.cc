// The main program of the unit tests: doctest's own, with its options.
//
// Every *_test.cc listed in sources.txt is linked into this one program.
//   build/tests/unit/unit_tests                      runs all of them
//   build/tests/unit/unit_tests -tc='*string set*'   runs the test cases so named
//   build/tests/unit/unit_tests -ltc                 lists the test cases
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
