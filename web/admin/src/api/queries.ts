import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions, useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { problemOf, toast } from "@hauspost/frame";
import { dayBegin, overviewOf } from "../parts/overview.ts";
import { learnRules } from "../parts/password.ts";
import { call } from "./client.ts";
import type { CheckedDomain, DeletedFilter } from "./contract.ts";
import { askAgain } from "./events.ts";

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (count, error) => count < 2 && problemOf(error).type === "server_unreachable",
      retryDelay: 1500,
    },
  },
});

/// What the server says has changed: what is shown of it is asked for anew. A search through the trace of which
/// somebody has read on stays as it is.
export function askAnew(topics: readonly string[]): void {
  for (const topic of topics)
    void client.invalidateQueries({
      queryKey: [topic],
      predicate: (one) => topic !== "trace" || ((one.state.data as { pages?: readonly unknown[] } | undefined)?.pages?.length ?? 0) < 2,
    });
}
/// Nobody tells any more: from now on all is asked for by the clock.
export function askByTheClock(): void {
  askAnew(["overview", "queue", "ban"]);
}

// What the pages show, each under a key whose first word is the noun that changes it.

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => call("session/state", {}, { signal, idle: true }),
  staleTime: Infinity,
});

export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: async ({ signal }) => overviewOf(await call("overview/show", { since: dayBegin() }, { signal, idle: true })),
  refetchInterval: askAgain, // none while the tab is hidden
});

export const accountsQuery = (filter: string) =>
  infiniteQueryOptions({
    queryKey: ["account", "list", filter],
    queryFn: ({ signal, pageParam }) => call("account/list", { filter, ...(pageParam === "" ? {} : { after: pageParam }) }, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const accountQuery = (address: string) =>
  queryOptions({ queryKey: ["account", "show", address], queryFn: ({ signal }) => call("account/show", { address }, { signal }) });

export const aliasesQuery = (filter: string) =>
  infiniteQueryOptions({
    queryKey: ["alias", "list", filter],
    queryFn: ({ signal, pageParam }) => call("alias/list", { filter, ...(pageParam === "" ? {} : { after: pageParam }) }, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const forwardsQuery = (filter: string) =>
  infiniteQueryOptions({
    queryKey: ["account", "forwards", filter],
    queryFn: ({ signal, pageParam }) => call("forward/list", { filter, ...(pageParam === "" ? {} : { after: pageParam }) }, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const suspendedQuery = queryOptions({
  queryKey: ["account", "suspended"],
  queryFn: ({ signal }) => call("forward/suspended", {}, { signal }),
});

export const domainsQuery = queryOptions({
  queryKey: ["domain", "list"],
  queryFn: async ({ signal }) => (await call("domain/list", {}, { signal })).domains,
});

export const recordsQuery = (name: string) =>
  queryOptions({ queryKey: ["domain", "records", name], queryFn: ({ signal }) => call("domain/dns", { name }, { signal }) });

/// The DNS is asked: slow, so only where it is looked at.
export const checkQuery = (name: string) =>
  queryOptions({
    queryKey: ["domain", "check", name],
    queryFn: async ({ signal }) => {
      const checked = (await call("domain/dns", { name, check: true }, { signal })) as CheckedDomain;
      return { ...checked, at: Math.floor(Date.now() / 1000) };
    },
    staleTime: 60_000,
    retry: false,
  });

/// Others are asked: only when somebody wants it.
export const reachQuery = queryOptions({
  queryKey: ["reach"],
  queryFn: async ({ signal }) => ({ ...(await call("delivery/reach", {}, { signal })), at: Math.floor(Date.now() / 1000) }),
  enabled: false,
  staleTime: Infinity,
  retry: false,
});

export const queueQuery = (filter: string) =>
  infiniteQueryOptions({
    queryKey: ["queue", "list", filter],
    queryFn: ({ signal, pageParam }) => call("queue/list", { filter, ...(pageParam === "" ? {} : { after: pageParam }) }, { signal, idle: true }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: askAgain,
  });

export const bansQuery = (filter: string) =>
  queryOptions({
    queryKey: ["ban", filter],
    queryFn: async ({ signal }) => (await call("ban/list", { filter }, { signal, idle: true })).bans,
    placeholderData: keepPreviousData,
    refetchInterval: askAgain,
  });

/// Asked with a password that is none: its answer says what holds for every one.
export const passwordRulesQuery = queryOptions({
  queryKey: ["password-rules"],
  queryFn: async ({ signal }) => {
    const { rules } = await call("password/check", { password: "-" }, { signal });
    const told = { minCharacters: rules.min_characters, minScore: rules.min_score, mayHoldAddress: rules.may_hold_address };
    learnRules(told);
    return told;
  },
  staleTime: 60_000,
});

export const settingsQuery = queryOptions({
  queryKey: ["setting"],
  queryFn: async ({ signal }) => (await call("setting/list", {}, { signal })).settings,
});

export const certificatesQuery = queryOptions({
  queryKey: ["certificate"],
  queryFn: ({ signal }) => call("certificate/list", {}, { signal }),
});

export const auditQuery = (filter: string) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ signal, pageParam }) => call("audit/list", { filter, ...(pageParam === "" ? {} : { after: pageParam }) }, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.more,
    placeholderData: keepPreviousData,
  });

export const deletedQuery = (address: string, filter: DeletedFilter, together: boolean) =>
  infiniteQueryOptions({
    queryKey: ["deleted", "mail", address, filter, together],
    queryFn: ({ signal, pageParam }) => call("deleted/mail", { address, ...filter, together, ...(pageParam === "" ? {} : { after: pageParam }) }, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.more,
    placeholderData: keepPreviousData,
    enabled: address !== "",
    retry: false,
  });

export const removedAccountsQuery = queryOptions({
  queryKey: ["deleted", "accounts"],
  queryFn: ({ signal }) => call("deleted/accounts", {}, { signal }),
});

export const sessionsQuery = queryOptions({
  queryKey: ["owner", "sessions"],
  queryFn: async ({ signal }) => (await call("owner/sessions", {}, { signal })).sessions,
});

export const setUpDataQuery = (address: string) =>
  queryOptions({
    queryKey: ["setup-data", address],
    queryFn: ({ signal }) => call("setup-data/show", { address }, { signal }),
    staleTime: 60_000,
  });

/// A change: what it touches is asked for anew, and a line at the bottom says what was done.
export function useChange<Arguments, Result>(
  work: (args: Arguments) => Promise<Result>,
  touches: readonly string[],
  said?: (result: Result, args: Arguments) => string | undefined,
): UseMutationResult<Result, Error, Arguments> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: async (result, args) => {
      const text = said?.(result, args);
      if (text !== undefined) toast(text);
      await Promise.all([...touches, "overview", "audit"].map((noun) => queries.invalidateQueries({ queryKey: [noun] })));
    },
  });
}
