#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace hauspost {

template <class Signature>
class function_ref;

/// Borrows a callable for the length of one call; never keeps it.
template <class Return, class... Args>
class function_ref<Return(Args...)> {
public:
    template <class Callable>
    requires(!std::is_same_v<std::remove_cvref_t<Callable>, function_ref> &&
             std::is_invocable_r_v<Return, Callable&, Args...>) function_ref(Callable&& callable)
    noexcept  // implicit by design, like std::function
        : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
          call_([](void* object, Args... args) -> Return {
              return (*static_cast<std::remove_reference_t<Callable>*>(object))(
                  std::forward<Args>(args)...);
          }) {}

    Return operator()(Args... args) const { return call_(object_, std::forward<Args>(args)...); }

private:
    void* object_;
    Return (*call_)(void*, Args...);
};

}  // namespace hauspost
