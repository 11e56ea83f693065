import { Link } from "@tanstack/react-router";
import { Header } from "@/components/Header.tsx";
import { Empty } from "@/components/State.tsx";

export function NotFound() {
  return (
    <>
      <Header title="No such page" />
      <Empty title="Nothing is here">
        <p>The address may be mistyped, or what it named may be gone.</p>
        <Link to="/experiments">See all experiments</Link>
      </Empty>
    </>
  );
}
