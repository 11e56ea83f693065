import { useEffect, useState } from "react";

/** True once the element is, or has been, close to the visible part of the page. */
export function useNear(box: { current: Element | null }): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!box.current || near) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setNear(true), {
      rootMargin: "300px",
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box, near]);
  return near;
}
