#include "admin/api/answer.hpp"

#include <boost/json/parse.hpp>

namespace hauspost::admin::api {

answer parse_object(std::string_view text) {
    constexpr std::size_t max_depth = 8;
    json::parse_options options;
    options.max_depth = max_depth;
    boost::system::error_code wrong;
    auto value = json::parse(json::string_view(text.data(), text.size()), wrong, {}, options);
    if (wrong || !value.is_object()) return failed("no_object", "This is not a JSON object.");
    return std::move(value.get_object());
}

}  // namespace hauspost::admin::api
