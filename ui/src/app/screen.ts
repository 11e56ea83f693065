/** Screens that are loaded when they are first shown. */
import { lazyRouteComponent } from "@tanstack/react-router";

/** A screen, or a part of one, whose file did not come: the server is away, or has another version now. */
class NotLoaded extends Error {}

const SAID = /module script|dynamically imported module|preload CSS/i; // by Firefox, Chromium, Safari and Vite

export const isNotLoaded = (error: unknown): boolean =>
  error instanceof NotLoaded || (error instanceof Error && SAID.test(error.message));

/** The router itself would load the page anew at once, which leaves nothing of it while the server is away. */
export const screen = ((load, name) =>
  lazyRouteComponent(
    () =>
      load().catch((cause: unknown) => {
        throw new NotLoaded("A part of this page could not be loaded", { cause });
      }),
    name,
  )) as typeof lazyRouteComponent;
