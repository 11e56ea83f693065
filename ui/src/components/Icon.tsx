/** Line icons on a 24-unit grid, drawn for this project. They are decoration: the control carries the label. */

const PATHS = {
  flask: "M9 3h6M10 3v6L4.5 18.5A1.7 1.7 0 0 0 6 21h12a1.7 1.7 0 0 0 1.5-2.5L14 9V3M7.5 14h9",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5",
  screen: "M4 5h16v11H4zM9 20h6M12 16v4",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5 20 20",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  check: "M5 12.5 10 17l9-10",
  down: "M6 9l6 6 6-6",
  right: "M9 6l6 6-6 6",
  left: "M15 6l-6 6 6 6",
  up: "M6 15l6-6 6 6",
  arrowUp: "M12 19V5M6 11l6-6 6 6",
  arrowDown: "M12 5v14M6 13l6 6 6-6",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  restore: "M4 12a8 8 0 1 0 3-6.2M4 4v5h5",
  pencil: "M4 20l1-4L16.5 4.5l3 3L8 19zM14 7l3 3",
  tag: "M4 4h8l8 8-8 8-8-8zM8 8h.01",
  columns: "M4 5h16v14H4zM9.5 5v14M14.5 5v14",
  group: "M4 4v16M8 5h12v5H8zM8 14h12v5H8z",
  tree: "M5 4v13h6M5 9h6M14 7h6v4h-6zM14 15h6v4h-6z",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  copy: "M8 8h11v12H8zM5 16V4h11",
  external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  box: "M12 3l8 4.5v9L12 21l-8-4.500v-9zM4 7.500l8 4.500 8-4.500M12 12v9",
  folder: "M3 6h6l2 2h10v11H3z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M9 9h.01",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9",
  branch: "M7 4v16M7 15c0-4 10-2 10-8M17 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4",
  view: "M6 4h12v16l-6-4-6 4z",
  drop: "M12 3c4 4.5 6 7.7 6 10.5a6 6 0 0 1-12 0c0-2.8 2-6 6-10.5z",
  flag: "M6 21V4h12l-3 4 3 4H6",
  star: "M12 4l2.500 5.300 5.800.700-4.300 4 1.100 5.800L12 17l-5.100 2.8L8 14 3.700 10l5.800-.700z",
  pin: "M9 4h6l-1 6 3 4H7l3-4zM12 14v6",
  filter: "M4 5h16l-6 7v6l-4 2v-8z",
  expand: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  link: "M9.500 14.5l5-5M11 7l2-2a4 4 0 0 1 6 6l-2 2M13 17l-2 2a4 4 0 0 1-6-6l2-2",
  settings: "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4",
  chart: "M4 4v16h16M8 15l3-4 3 2 5-7",
  code: "M9 8l-5 4 5 4M15 8l5 4-5 4",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 3",
  layers: "M12 3l9 5-9 5-9-5zM3 12.5l9 5 9-5M3 16.500l9 5 9-5",
  database:
    "M12 4c4.4 0 8 1.1 8 2.5S16.4 9 12 9 4 7.9 4 6.5 7.6 4 12 4M4 6.5v11C4 18.9 7.6 20 12 20s8-1.1 8-2.5v-11M4 12c0 1.4 3.6 2.5 8 2.5s8-1.1 8-2.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth={name === "more" ? 3 : 1.8}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
