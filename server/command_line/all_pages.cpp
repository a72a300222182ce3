#include "server/command_line/all_pages.hpp"

#include <boost/json/array.hpp>

#include <iterator>
#include <stdexcept>
#include <utility>

namespace hauspost::command_line {
namespace {

/// The list that a page of an answer holds, or null.
admin::api::json::array* list_of(admin::api::json::object& answer) {
    for (auto& [key, value] : answer)
        if (value.is_array()) return &value.get_array();
    return nullptr;
}

}  // namespace

admin::api::answer with_all_pages(admin::api::answer whole,
                                  const ask_function& ask,
                                  admin::api::json::object request) {
    while (whole && whole->contains("next")) {
        request["after"] = whole->at("next");
        auto page = ask(request);
        if (!page) return page;
        auto* more = list_of(*page);
        auto* list = list_of(*whole);
        if (more == nullptr || list == nullptr)
            throw std::runtime_error("the list has a next page that is not a list");
        list->insert(list->end(), std::make_move_iterator(more->begin()),
                     std::make_move_iterator(more->end()));
        whole->erase("next");
        if (page->contains("next")) (*whole)["next"] = page->at("next");
    }
    return whole;
}

}  // namespace hauspost::command_line
