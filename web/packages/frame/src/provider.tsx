import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import type { ReactNode } from "react";
import { schemeKey } from "./scheme.ts";
import { theme } from "./theme.ts";

const schemes = localStorageColorSchemeManager({ key: schemeKey });

/// Mantine without its <style> elements: the variables and classes stand in theme.css.
export function FrameProvider({ children }: { children: ReactNode }): ReactNode {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={schemes}
      withCssVariables={false}
      withGlobalClasses={false}
      deduplicateCssVariables={false}
    >
      {children}
    </MantineProvider>
  );
}
