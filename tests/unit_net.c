/* Networks: plans, bodies, operators. */
#include <check.h>
#include <stdlib.h>

#include "net_control.h"

int main(void) {
    Suite *suite = suite_create("net");
    suite_add_tcase(suite, net_control_tests());
    suite_add_tcase(suite, net_products_tests());
    suite_add_tcase(suite, net_streams_tests());
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
