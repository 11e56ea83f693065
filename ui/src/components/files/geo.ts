/** GeoJSON (RFC 7946) as shapes on a plane: longitudes shrunk by the cosine of the middle latitude, north up. */
import { array, type Json, object, parsed } from "@/lib/json.ts";

interface Shape {
  /** Which feature it is of. */
  feature: number;
  kind: "point" | "line" | "area";
  /** An SVG path; of a point its place. */
  path: string;
  x: number;
  y: number;
}

export interface Feature {
  /** What it is called, if anything. */
  title: string;
  kind: string;
  properties: [string, string][];
}

export interface Line {
  path: string;
  label: string;
  x: number;
  y: number;
}

export interface GeoMap {
  width: number;
  height: number;
  shapes: Shape[];
  features: Feature[];
  /** Meridians and parallels, labelled at the edge. */
  grid: Line[];
  /** Whether positions, shapes or features were left out, so that the rest can be drawn. */
  thinned: boolean;
}

type Position = [longitude: number, latitude: number];

interface Part {
  feature: number;
  kind: Shape["kind"];
  rings: Position[][];
}

const WIDTH = 960;
const TALLEST = 640;
const MARGIN = 46; // room for the labels at the edge
const MOST_POSITIONS = 60_000;
const MOST_FEATURES = 5000;
const MOST_SHAPES = 20_000; // each is an element of the page
const MOST_DEPTH = 8; // of collections in collections

/** The map; null where the text is no GeoJSON or has no positions. */
export function readMap(text: string): GeoMap | null {
  const document = parsed(text);
  if (!document) return null;
  const features: Feature[] = [];
  const found: Part[] = [];
  const more = collect(document, features, found);
  const nth = Math.ceil(found.length / MOST_SHAPES);
  const parts = nth > 1 ? found.filter((_, at) => at % nth === 0) : found;
  const count = parts.reduce((sum, { rings }) => sum + rings.reduce((all, ring) => all + ring.length, 0), 0);
  if (!count) return null;
  const every = Math.ceil(count / MOST_POSITIONS);
  const plane = planeOf(parts);
  return {
    width: plane.width,
    height: plane.height,
    shapes: parts.map((part) => drawn(part, plane, every)),
    features,
    grid: gridOf(plane),
    thinned: every > 1 || nth > 1 || more,
  };
}

/** Adds features and their parts; answers whether there are more features than are drawn. */
function collect(json: Json, features: Feature[], parts: Part[]): boolean {
  const all =
    json.type === "FeatureCollection"
      ? list(json.features)
      : [json.type === "Feature" ? json : { geometry: json }];
  for (const feature of all.slice(0, MOST_FEATURES)) {
    const geometry = object(feature.geometry);
    const properties = Object.entries(object(feature.properties)).map(([key, value]): [string, string] => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const title = properties.find(([key]) => /^(name|title|label|id)$/i.test(key))?.[1] ?? "";
    const named = title || (feature.id === undefined ? "" : String(feature.id));
    features.push({ title: named, kind: String(geometry.type ?? "nothing"), properties });
    addGeometry(geometry, features.length - 1, parts, 0);
  }
  return all.length > MOST_FEATURES;
}

function addGeometry(geometry: Json, feature: number, parts: Part[], depth: number): void {
  const { type, coordinates } = geometry;
  if (type === "GeometryCollection" && depth < MOST_DEPTH) {
    for (const one of list(geometry.geometries)) addGeometry(one, feature, parts, depth + 1);
  } else if (type === "Point") add("point", [[coordinates]]);
  else if (type === "MultiPoint") for (const one of array(coordinates)) add("point", [[one]]);
  else if (type === "LineString") add("line", [coordinates]);
  else if (type === "MultiLineString") add("line", array(coordinates));
  else if (type === "Polygon") add("area", array(coordinates));
  else if (type === "MultiPolygon") for (const one of array(coordinates)) add("area", array(one));

  function add(kind: Shape["kind"], given: unknown[]): void {
    const rings = given.map((ring) => array(ring).flatMap(position)).filter((ring) => ring.length > 0);
    if (rings.length) parts.push({ feature, kind, rings });
  }
}

function position(value: unknown): Position[] {
  const [longitude, latitude] = array(value);
  const good = typeof longitude === "number" && typeof latitude === "number";
  return good && Math.abs(longitude) <= 1e6 && Math.abs(latitude) <= 1e6 ? [[longitude, latitude]] : [];
}

interface Plane {
  width: number;
  height: number;
  west: number;
  east: number;
  south: number;
  north: number;
  place: (position: Position) => [x: number, y: number];
}

function planeOf(parts: readonly Part[]): Plane {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { rings } of parts) {
    for (const ring of rings) {
      for (const [longitude, latitude] of ring) {
        west = Math.min(west, longitude);
        east = Math.max(east, longitude);
        south = Math.min(south, latitude);
        north = Math.max(north, latitude);
      }
    }
  }
  const margin = Math.max(east - west, north - south, 0.01) * 0.04; // a point alone has some land around it
  [west, east, south, north] = [west - margin, east + margin, south - margin, north + margin];
  const middle = Math.min(80, Math.abs((south + north) / 2));
  const shrink = Math.cos((middle * Math.PI) / 180);
  const across = (east - west) * shrink;
  const scale = Math.min((WIDTH - 2 * MARGIN) / across, (TALLEST - 2 * MARGIN) / (north - south));
  return {
    width: across * scale + 2 * MARGIN,
    height: (north - south) * scale + 2 * MARGIN,
    ...{ west, east, south, north },
    place: ([longitude, latitude]) => [
      MARGIN + (longitude - west) * shrink * scale,
      MARGIN + (north - latitude) * scale,
    ],
  };
}

function drawn({ feature, kind, rings }: Part, plane: Plane, every: number): Shape {
  const [x, y] = plane.place(rings[0]?.[0] as Position);
  if (kind === "point") return { feature, kind, path: "", x, y };
  const path = rings.map((ring) => {
    const kept = every === 1 ? ring : ring.filter((_, at) => at % every === 0 || at === ring.length - 1);
    const places = kept.map((one) => plane.place(one).map(short).join(" "));
    return `M${places.join("L")}${kind === "area" ? "Z" : ""}`;
  });
  return { feature, kind, path: path.join(""), x, y };
}

const STEPS = [90, 45, 30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

function gridOf(plane: Plane): Line[] {
  const { west, east, south, north, place } = plane;
  const step = STEPS.find((one) => Math.max(east - west, north - south) / one >= 3) ?? 0.001;
  const lines: Line[] = [];
  for (const at of ticks(west, east, step)) {
    const [x, y] = place([at, south]);
    lines.push({ path: `M${short(x)} ${MARGIN}V${short(y)}`, label: degrees(at, "E", "W"), x, y: y + 14 });
  }
  for (const at of ticks(south, north, step)) {
    const [x, y] = place([east, at]);
    lines.push({
      path: `M${MARGIN} ${short(y)}H${short(x)}`,
      label: degrees(at, "N", "S"),
      x: 2,
      y: y + 3,
    });
  }
  return lines;
}

function ticks(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step);
  const count = Math.max(0, Math.floor(to / step) - first + 1);
  return Array.from({ length: Math.min(count, 40) }, (_, at) => (first + at) * step);
}

function degrees(value: number, more: string, less: string): string {
  const size = Number(Math.abs(value).toFixed(3));
  return size ? `${size}° ${value > 0 ? more : less}` : "0°";
}

const short = (value: number): string => value.toFixed(1);
const list = (value: unknown): Json[] => array(value).map(object);
