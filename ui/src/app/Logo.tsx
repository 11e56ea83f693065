/** The mark of logo.svg, which is the page's icon; here it costs no request. */
export function Logo() {
  return (
    <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true" focusable="false">
      <defs>
        <linearGradient id="logo" x1="0" y1="0" x2="1" y2="1">
          <stop stopColor="#3572d8" />
          <stop offset="1" stopColor="#6d3be8" />
        </linearGradient>
      </defs>
      <rect width="28" height="28" rx="7" fill="url(#logo)" />
      <path
        d="M6 19c4 0 4.5-9 8-9s4 5 8 5"
        fill="none"
        stroke="#fff"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
      <circle cx="22" cy="15" r="2" fill="#fff" />
    </svg>
  );
}
