import { expect, it, vi } from "vitest";
import { collectTyped, endTyped } from "./typeAhead.ts";

const press = (key: string, more: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent("keydown", { key, cancelable: true, bubbles: true, ...more });
  document.body.dispatchEvent(event);
  return event;
};

it("what is typed before the box is there is kept, and the page does not see it", () => {
  const seen = vi.fn();
  document.body.addEventListener("keydown", seen);
  collectTyped(() => {});
  for (const key of ["r", "u", "x", "Backspace", "n"]) expect(press(key).defaultPrevented).toBe(true);
  press("c", { ctrlKey: true });
  press("Tab");
  press("Enter");
  expect(endTyped()).toBe("run");
  expect(seen).toHaveBeenCalledTimes(2);
  press("x");
  expect(seen).toHaveBeenCalledTimes(3);
  expect(endTyped()).toBeNull();
});

it("Escape gives up", () => {
  const giveUp = vi.fn();
  collectTyped(giveUp);
  press("a");
  press("Escape");
  expect(giveUp).toHaveBeenCalledOnce();
  expect(endTyped()).toBeNull();
});
