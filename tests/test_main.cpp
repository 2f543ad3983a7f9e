// The entry point that every Boost.Test program of the house shares. It is written out, because
// what BOOST_TEST_MODULE would define has to be asked for before Boost.Test is precompiled.
#include <boost/test/unit_test.hpp>

namespace {

bool name_the_suite() {
  boost::unit_test::framework::master_test_suite().p_name.value = "quiesce";
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  return boost::unit_test::unit_test_main(name_the_suite, argc, argv);
}
