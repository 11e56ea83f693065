/** Mantine speaks with our tokens: its variables are ours under other names. */
import { type CSSVariablesResolver, createTheme } from "@mantine/core";
import "@mantine/core/styles/baseline.layer.css";
import "@mantine/core/styles/default-css-variables.layer.css";
import "@mantine/core/styles/UnstyledButton.layer.css";
import "@mantine/core/styles/Paper.layer.css";
import "@mantine/core/styles/Popover.layer.css";
import "@mantine/core/styles/CloseButton.layer.css";
import "@mantine/core/styles/Overlay.layer.css";
import "@mantine/core/styles/ModalBase.layer.css";
import "@mantine/core/styles/Modal.layer.css";
import "@mantine/core/styles/Menu.layer.css";
import "./mantine.css";

export const mantineTheme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: 8,
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Menu: {
      defaultProps: {
        withInitialFocusPlaceholder: false, // a menu may hold items only
        // it opens where there is more room, and scrolls where that is too little
        middlewares: { flip: { fallbackStrategy: "bestFit" }, shift: true, size: { padding: 6 } },
      },
    },
    Portal: { defaultProps: { target: "#overlays" } }, // a landmark, as everything on a page should be in one
  },
});

const variables = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-dimmed": "var(--text-2)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-border": "var(--line)",
  "--mantine-color-default-hover": "var(--hover)",
};

export const mantineVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: variables,
  dark: variables,
});
