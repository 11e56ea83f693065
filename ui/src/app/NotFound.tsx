import { Link } from "@tanstack/react-router";
import { Empty } from "@/components/State.tsx";

export function NotFound() {
  return (
    <Empty title="There is no such page">
      <p>The address may be mistyped, or what it named may be gone.</p>
      <p>
        <Link to="/experiments" style={{ color: "var(--accent)", textDecoration: "underline" }}>
          See all experiments
        </Link>
      </p>
    </Empty>
  );
}
