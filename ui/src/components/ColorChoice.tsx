/** The colours a run can be given, with their dashes. */
import { fillOf, runStyle, STYLES } from "@/lib/colors.ts";
import { useOwnColors } from "@/lib/ownColors.ts";
import { useTheme } from "@/lib/theme.ts";
import { Button } from "./Button.tsx";
import styles from "./ColorChoice.module.css";

const NAMES = "blue orange magenta violet green sky teal amber red slate".split(" ");
const LINES = ["", ", dashed", ", dotted"];

export function ColorChoice({ id, onChosen }: { id: string; onChosen: () => void }) {
  const theme = useTheme();
  const { slots, give } = useOwnColors();
  const choose = (slot: number | null) => {
    give(id, slot);
    onChosen();
  };
  return (
    <div className={styles.choice}>
      <div className={styles.colors}>
        {Array.from({ length: STYLES }, (_, slot) => {
          const name = `${NAMES[slot % NAMES.length]}${LINES[Math.floor(slot / NAMES.length)]}`;
          return (
            <button
              key={name}
              type="button"
              title={name}
              aria-label={name}
              aria-pressed={slots.get(id) === slot}
              onClick={() => choose(slot)}
            >
              <i style={{ background: fillOf(runStyle(slot, theme)) }} />
            </button>
          );
        })}
      </div>
      <Button disabled={!slots.has(id)} onClick={() => choose(null)}>
        By the order of the runs
      </Button>
    </div>
  );
}
