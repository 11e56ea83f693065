import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { Announcer } from "@/components/Announcer.tsx";
import { Icon, type IconName } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { Toasts } from "@/components/Toasts.tsx";
import { copyText } from "@/lib/copy.ts";
import { useShortcuts } from "@/lib/shortcuts.ts";
import { useForcedColors, useTheme, useWantedTheme, type Wanted } from "@/lib/theme.ts";
import { Logo } from "./Logo.tsx";
import styles from "./Shell.module.css";
import { collectTyped } from "./typeAhead.ts";

const Palette = lazy(() => import("./Palette.tsx").then(({ Palette }) => ({ default: Palette })));
const Keys = lazy(() => import("./Keys.tsx").then(({ Keys }) => ({ default: Keys })));

const THEMES: readonly [Wanted, string, IconName][] = [
  ["system", "As the system", "screen"],
  ["light", "Light", "sun"],
  ["dark", "Dark", "moon"],
];

export function Shell() {
  const [overlay, setOverlay] = useState<"palette" | "keys" | null>(null);
  const navigate = useNavigate();
  const path = useLocation().pathname;
  const across = path === "/runs" || path === "/runs/sweep";
  const inside = !across && /^\/(experiments|runs|compare)/.test(path);
  const theme = useTheme();
  const forced = useForcedColors(); // all that is drawn is drawn anew
  const choose = useWantedTheme((state) => state.choose);
  const openPalette = () => {
    collectTyped(() => setOverlay(null));
    setOverlay("palette");
  };
  useShortcuts({
    "mod+k": openPalette,
    "?": () => setOverlay("keys"),
    d: () => choose(theme === "dark" ? "light" : "dark"),
    "g e": () => navigate({ to: "/experiments", search: {} }),
    "g r": () => navigate({ to: "/runs", search: {} }),
    "g m": () => navigate({ to: "/models", search: {} }),
    "g s": () => navigate({ to: "/settings" }),
  });
  useShortcuts({ "/": search, s: () => copyText(window.location.href, "Link") }, true);
  return (
    <div className={styles.shell}>
      <button type="button" className={styles.skip} onClick={skipToContent}>
        Skip to content
      </button>
      <nav className={styles.rail} aria-label="Main">
        <Link to="/experiments" search={{}} aria-label="MLflow, home">
          <Logo />
        </Link>
        <Link
          to="/experiments"
          search={{}}
          aria-label="Experiments"
          title="Experiments (g e)"
          data-here={inside}
        >
          <Icon name="flask" size={19} />
        </Link>
        <Link
          to="/runs"
          search={{}}
          aria-label="Runs of all experiments"
          title="Runs of all experiments (g r)"
          data-here={across}
        >
          <Icon name="layers" size={19} />
        </Link>
        <Link
          to="/models"
          search={{}}
          aria-label="Models"
          title="Models (g m)"
          data-here={path.startsWith("/models")}
        >
          <Icon name="box" size={19} />
        </Link>
        <span className={styles.spacer} />
        <Link to="/trash" search={{}} aria-label="Trash" title="Trash" data-here={path === "/trash"}>
          <Icon name="trash" size={19} />
        </Link>
        <button
          type="button"
          aria-label="Search everything"
          title="Search everything (Ctrl K)"
          onClick={openPalette}
        >
          <Icon name="search" size={19} />
        </button>
        <ThemeMenu />
        <button
          type="button"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={() => setOverlay("keys")}
        >
          <Icon name="keyboard" size={19} />
        </button>
        <Link to="/settings" aria-label="Settings" title="Settings (g s)" data-here={path === "/settings"}>
          <Icon name="settings" size={19} />
        </Link>
      </nav>
      <main id="main" className={styles.main} tabIndex={-1}>
        <Outlet key={String(forced)} />
      </main>
      <Toasts />
      <Announcer />
      <Suspense>
        {overlay === "palette" && <Palette onClose={() => setOverlay(null)} />}
        {overlay === "keys" && <Keys onClose={() => setOverlay(null)} />}
      </Suspense>
    </div>
  );
}

function skipToContent() {
  document.getElementById("main")?.focus();
}

/** Goes to the first box on the page that something is looked for in. */
function search() {
  const boxes = [...document.querySelectorAll<HTMLInputElement>("main [data-search]")];
  boxes.find((box) => box.checkVisibility())?.focus();
}

function ThemeMenu() {
  const { wanted, choose } = useWantedTheme();
  const icon = THEMES.find(([value]) => value === wanted)?.[2] ?? "screen";
  return (
    <Menu position="right-end">
      <Menu.Target>
        <button type="button" aria-label="Theme" title="Theme (d)">
          <Icon name={icon} size={19} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {THEMES.map(([value, label, symbol]) => (
          <Menu.Item
            key={value}
            leftSection={<Icon name={symbol} />}
            rightSection={value === wanted ? <Icon name="check" /> : null}
            onClick={() => choose(value)}
          >
            {label}
            {value === wanted && <span className="sr-only"> (chosen)</span>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
