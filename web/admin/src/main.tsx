import "@hauspost/frame/theme.css";
import "./admin.css";
import { FrameProvider, startCatalogue } from "@hauspost/frame";
import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { client, overviewQuery, sessionQuery } from "./api/queries.ts";
import { App } from "./app.tsx";

// The first questions went out before (early_script.ts); their answers are taken up before the texts are here.
void client.prefetchQuery(sessionQuery);
if (window.location.pathname === "/") void client.prefetchQuery(overviewQuery);

await startCatalogue(async (language) => (language === "de" ? (await import("./texts/de.ts")).catalogue : (await import("./texts/en.ts")).catalogue));

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <QueryClientProvider client={client}>
    <FrameProvider>
      <App />
    </FrameProvider>
  </QueryClientProvider>,
);
