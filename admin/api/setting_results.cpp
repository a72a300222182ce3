#include "admin/api/setting_results.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <utility>

namespace hauspost::admin::api {
namespace {

const char* word_of_kind(known_setting::kind of) {
    switch (of) {
    case known_setting::kind::text: return "text";
    case known_setting::kind::flag: return "flag";
    case known_setting::kind::count: return "count";
    case known_setting::kind::octets: return "octets";
    case known_setting::kind::time: break;
    }
    return "time";
}

json::object entry_of_setting(const known_setting& one) {
    json::object object;
    object["name"] = one.name;
    object["kind"] = word_of_kind(one.of);
    object["value"] = one.value;
    object["number"] = one.number;
    object["default"] = one.usual;
    object["source"] = name_of(one.from);
    object["line"] = one.line;
    object["least"] = one.least;
    object["most"] = one.most;
    object["zero_is_off"] = one.zero_is_off;
    json::array words;
    for (const auto& word : one.words)
        words.emplace_back(word);
    object["words"] = std::move(words);
    object["at_once"] = one.is_at_once;
    object["waits"] = one.waits;
    object["in_force"] = one.in_force;
    return object;
}

}  // namespace

const char* name_of(known_setting::source from) {
    switch (from) {
    case known_setting::source::by_default: return "default";
    case known_setting::source::by_owner: return "owner";
    case known_setting::source::by_file: break;
    }
    return "file";
}

json::object settings_json(const std::vector<known_setting>& all, const places&) {
    json::array list;
    for (const auto& one : all)
        list.push_back(entry_of_setting(one));
    json::object object;
    object["settings"] = std::move(list);
    return object;
}

json::object setting_json(const known_setting& one, const places&) {
    auto object = entry_of_setting(one);
    if (one.waits)
        object["warning"] = one.name + " comes into force at the next start: restart the server.";
    return object;
}

}  // namespace hauspost::admin::api
