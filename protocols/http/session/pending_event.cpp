#include "protocols/http/session/pending_event.hpp"

#include <boost/asio/co_spawn.hpp>

namespace hauspost::http {

void pending_event::ask() {
    auto work = source_.next();
    is_asked_ = true;
    asio::co_spawn(executor_, std::move(work),
                   [this](std::exception_ptr fault, std::string octets) {
                       come(std::move(fault), std::move(octets));
                   });
}

void pending_event::come(std::exception_ptr fault, std::string octets) noexcept {
    is_asked_ = false;
    has_come_ = true;
    fault_ = std::move(fault);
    octets_ = std::move(octets);
    if (settling_ != nullptr)
        settling_->post();
    else
        peer_.wake();
}

std::string pending_event::take() {
    has_come_ = false;
    if (auto fault = std::exchange(fault_, nullptr)) std::rethrow_exception(fault);
    return std::exchange(octets_, std::string());
}

awaitable<void> pending_event::settle() {
    if (!is_asked_) co_return;
    suspension here;
    auto start = [this, &here] { settling_ = &here; };
    co_await suspend(here, start);
    settling_ = nullptr;
}

}  // namespace hauspost::http
