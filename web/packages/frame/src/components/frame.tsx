import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { setLanguage, t, useLanguage } from "../catalogue.ts";
import { BrandMark, Icon, type IconName } from "../icons.tsx";
import { Link, usePath } from "../router.tsx";
import { Dialog } from "./dialog.tsx";
import { Palette, type PaletteEntry } from "./palette.tsx";
import { Toasts } from "./toasts.tsx";

export interface NavEntry {
  to: string;
  text: string;
  icon: IconName;
  count?: number;
}
export interface NavGroup {
  title?: string;
  entries: readonly NavEntry[];
}

interface FrameProps {
  host: string;
  groups: readonly NavGroup[];
  userMenu: ReactNode;
  commands: (typed: string) => readonly PaletteEntry[];
  children: ReactNode;
}

function Navigation({ groups, drawer = false, onFollow }: { groups: readonly NavGroup[]; drawer?: boolean; onFollow?: () => void }): ReactNode {
  const path = usePath();
  return (
    <nav className={drawer ? "side-nav in-drawer" : "side-nav"} aria-label={t("frame.navigation")}>
      {groups.map((group, i) => (
        <div key={group.title ?? i}>
          {group.title !== undefined && <div className="group-title">{group.title}</div>}
          <ul>
            {group.entries.map((one) => {
              const active = one.to === "/" ? path === "/" : path === one.to || path.startsWith(`${one.to}/`);
              return (
                <li key={one.to}>
                  <Link to={one.to} {...(active ? { "aria-current": "page" as const } : {})} onClick={() => onFollow?.()}>
                    <Icon name={one.icon} size={20} />
                    <span>{one.text}</span>
                    {one.count !== undefined && one.count > 0 && <span className="count">{one.count}</span>}
                  </Link>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}

export function LanguageMenu(): ReactNode {
  const language = useLanguage();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" size={36} w="auto" px={8} aria-label={`${language.toUpperCase()} – ${t("frame.language")}: ${language === "de" ? "Deutsch" : "English"}`}>
          <span className="small">{language.toUpperCase()}</span>
          <Icon name="down" size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item lang="de" onClick={() => void setLanguage("de")}>
          Deutsch
        </Menu.Item>
        <Menu.Item lang="en" onClick={() => void setLanguage("en")}>
          English
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function SchemeMenu(): ReactNode {
  // Without its way of hiding transitions, which is a <style> element.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const icon = colorScheme === "light" ? "sun" : colorScheme === "dark" ? "moon" : "screen";
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" size={36} aria-label={t("frame.scheme")}>
          <Icon name={icon} size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="sun" />} onClick={() => setColorScheme("light")}>
          {t("frame.light")}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="moon" />} onClick={() => setColorScheme("dark")}>
          {t("frame.dark")}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="screen" />} onClick={() => setColorScheme("auto")}>
          {t("frame.system")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/// Bar on top, navigation at the left, the page; and what stands over all pages.
export function Frame({ host, groups, userMenu, commands, children }: FrameProps): ReactNode {
  useLanguage();
  const [palette, setPalette] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const path = usePath();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);

  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const isPalette = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
      if (!isPalette && (event.key !== "/" || isTyping(event.target))) return;
      if (document.querySelector('[role="dialog"]') !== null) return;
      event.preventDefault();
      setPalette(true);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
  // A new page is read from its beginning.
  useEffect(() => {
    if (first.current) first.current = false;
    else if (document.querySelector('[role="dialog"]') === null) main.current?.focus({ preventScroll: true });
  }, [path]);

  return (
    <>
      <a className="skip-link" href="#content" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>
        {t("frame.skip")}
      </a>
      <header className="top-bar">
        <ActionIcon variant="subtle" size={36} className="only-phone" aria-label={t("frame.menu")} onClick={() => setDrawer(true)}>
          <Icon name="menu" size={22} />
        </ActionIcon>
        <Link to="/" className="brand">
          <BrandMark />
          <span>Hauspost</span>
          <span className="host">{host}</span>
        </Link>
        <button type="button" className="search-button" onClick={() => setPalette(true)}>
          <Icon name="search" size={18} />
          <span className="label">{t("frame.search")}</span>
          <span className="keys">
            <kbd>{t("frame.ctrl")}</kbd>
            <kbd>K</kbd>
          </span>
        </button>
        <div className="top-actions">
          <LanguageMenu />
          <SchemeMenu />
          {userMenu}
        </div>
      </header>
      <div className="layout">
        <Navigation groups={groups} />
        <main className="main" id="content" ref={main} tabIndex={-1}>
          {children}
        </main>
      </div>
      {drawer && (
        <Dialog title={t("frame.menu")} onClose={() => setDrawer(false)}>
          <Navigation groups={groups} drawer onFollow={() => setDrawer(false)} />
        </Dialog>
      )}
      {palette && <Palette find={commands} onClose={() => setPalette(false)} />}
      <Toasts />
    </>
  );
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
