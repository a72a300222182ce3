import { createTheme, Input, Modal, Menu, Popover, Tooltip, Switch } from "@mantine/core";

/// Colours stand in tokens.css; here is only what Mantine's components take as properties.
export const theme = createTheme({
  primaryColor: "indigo",
  defaultRadius: "md",
  fontFamily: "var(--mantine-font-family)",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    InputWrapper: Input.Wrapper.extend({ defaultProps: { inputWrapperOrder: ["label", "input", "description", "error"] } }),
    // Holding the page still is done by a <style> element, which the pages' policy refuses.
    Modal: Modal.extend({ defaultProps: { lockScroll: false, transitionProps: { duration: 0 } } }),
    ModalRoot: Modal.Root.extend({ defaultProps: { lockScroll: false, transitionProps: { duration: 0 } } }),
    Menu: Menu.extend({ defaultProps: { transitionProps: { duration: 0 }, shadow: "md", position: "bottom-end" } }),
    Popover: Popover.extend({ defaultProps: { transitionProps: { duration: 0 } } }),
    Tooltip: Tooltip.extend({ defaultProps: { transitionProps: { duration: 0 }, openDelay: 300, events: { hover: true, focus: true, touch: false } } }),
    Switch: Switch.extend({ defaultProps: { withThumbIndicator: false } }),
  },
});

