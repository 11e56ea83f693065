/** What stands in addresses, for every screen's own schema: what cannot be read is absent. */
import * as v from "valibot";
import { type Axis, isAxis } from "./axes.ts";

export const text = v.fallback(v.optional(v.string()), undefined);
export const list = v.fallback(v.optional(v.array(v.string())), undefined);
export const oneOf = <const T extends readonly string[]>(...values: T) =>
  v.fallback(v.optional(v.picklist(values)), undefined);

/** Charts of metrics. */
export const chartParams = {
  x: v.fallback(v.optional(v.custom<Axis>(isAxis)), undefined), // what lies along them
  sm: text, // smoothing, 0 to 0.99
  y: oneOf("log"),
  z: text, // zoom: from..to
  bd: oneOf("range", "none"), // what bands show
  k: text, // panels whose key matches
  p: list, // panels drawn otherwise than the rest
  sec: list, // sections of panels, where somebody arranged them
  full: text, // the panel that fills the screen
};

/** Pictures, sound and film over steps. */
export const mediaParams = {
  st: text, // the step
  k: text, // keys that contain it
  zoom: oneOf("1", "2", "4", "8"), // of all pictures
  px: oneOf("1"), // pixels are to be seen
  lay: oneOf("stack"), // pictures in one place
  on: text, // the run whose pictures lie uppermost
};

/** Viewers of files. */
export const fileParams = {
  ff: text, // what files are looked for
  fq: text, // rows of a table that contain it
  fc: text, // in that column alone
  fs: text, // the column that rows are sorted by; `-` before it for the greatest first
  fo: text, // the first row
  fb: text, // the part of a long text, from 0
  zoom: oneOf("1", "2", "4", "8"), // of a picture
  src: oneOf("1"), // a file's source instead of what it shows
};

/** Texts that tables of a page are searched by, and what of them is closed. */
export const tableParams = {
  qm: text, // metrics
  qp: text, // params, packages
  cp: list, // params with dots in their names that are closed
};
