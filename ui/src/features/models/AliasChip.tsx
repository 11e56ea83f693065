import { Link } from "@tanstack/react-router";
import { Icon } from "@/components/Icon.tsx";
import styles from "./Models.module.css";

interface AliasChipProps {
  name: string;
  alias: string;
  /** The version it points to, where that is not clear from the place. */
  version?: string;
  onRemove?: () => void;
}

export function AliasChip({ name, alias, version, onRemove }: AliasChipProps) {
  return (
    <span className={styles.alias}>
      {version ? (
        <Link to="/models/$name/$version" params={{ name, version }} search={{}}>
          @{alias} → v{version}
        </Link>
      ) : (
        `@${alias}`
      )}
      {onRemove && (
        <button type="button" aria-label={`Remove the alias ${alias}`} onClick={onRemove}>
          <Icon name="close" size={11} />
        </button>
      )}
    </span>
  );
}
