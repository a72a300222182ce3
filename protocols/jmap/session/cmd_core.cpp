#include "protocols/jmap/session/handlers.hpp"

#include <utility>

namespace hauspost::jmap {

awaitable<method_answer> core_echo(const call_context&, json::object arguments) {
    co_return method_answer(std::move(arguments));
}

}  // namespace hauspost::jmap
