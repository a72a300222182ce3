import { createContext, useCallback, useContext, useSyncExternalStore, type AnchorHTMLAttributes, type ReactNode } from "react";

const changed = "hauspost-navigate";

/// Asked before the page is left; true: stay.
let mayLeave: (() => boolean) | null = null;

function listen(told: () => void): () => void {
  window.addEventListener("popstate", told);
  window.addEventListener(changed, told);
  return () => {
    window.removeEventListener("popstate", told);
    window.removeEventListener(changed, told);
  };
}

export function navigate(to: string, replace = false): void {
  if (to === window.location.pathname + window.location.search) return;
  if (!replace && mayLeave !== null && !mayLeave()) return;
  if (replace) window.history.replaceState(null, "", to);
  else window.history.pushState(null, "", to);
  window.dispatchEvent(new Event(changed));
}

/// While a form has changes: leaving asks once.
export function guardLeaving(ask: (() => boolean) | null): void {
  mayLeave = ask;
}

export function usePath(): string {
  return useSyncExternalStore(listen, () => window.location.pathname);
}

/// A value that stands in the address behind the question mark; "" is left out.
export function useParam(name: string, fallback = ""): [string, (value: string) => void] {
  const value = useSyncExternalStore(listen, () => new URLSearchParams(window.location.search).get(name) ?? fallback);
  const set = useCallback(
    (next: string) => {
      const params = new URLSearchParams(window.location.search);
      if (next === "" || next === fallback) params.delete(name);
      else params.set(name, next);
      const text = params.toString();
      navigate(window.location.pathname + (text === "" ? "" : `?${text}`), true);
    },
    [name, fallback],
  );
  return [value, set];
}

/// "/accounts/:address" against "/accounts/anna%40x" gives {address: "anna@x"}; null: another path.
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const text = given[i] ?? "";
    if (part.startsWith(":")) {
      try {
        found[part.slice(1)] = decodeURIComponent(text);
      } catch {
        return null;
      }
    } else if (part !== text) return null;
  }
  return found;
}

/// Called when a link is about to be followed, to fetch what its page needs.
export const PrefetchContext = createContext<(to: string) => void>(() => undefined);

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  to: string;
  children?: ReactNode;
}

export function Link({ to, children, onClick, ...rest }: LinkProps): ReactNode {
  const prefetch = useContext(PrefetchContext);
  return (
    <a
      href={to}
      onPointerEnter={() => prefetch(to)}
      onFocus={() => prefetch(to)}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        navigate(to);
        window.scrollTo(0, 0);
      }}
      {...rest}
    >
      {children}
    </a>
  );
}
