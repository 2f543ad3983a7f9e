// The entry point that every Boost.Test program of the house shares.
#define BOOST_TEST_MODULE quiesce
#include <boost/test/unit_test.hpp>
