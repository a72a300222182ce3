// Boost.JSON is compiled here, once: Debian's libboost1.81-dev brings its sources along, so no
// further package is needed.
#include <boost/json/src.hpp>
