/** Preferences of this browser, and what the server says of itself. */
import type { ReactNode } from "react";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Header } from "@/components/Header.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { formatNumber, formatTime } from "@/lib/format.ts";
import { DEFAULTS, useSettings } from "@/lib/settings.ts";
import { useWantedTheme } from "@/lib/theme.ts";
import { ServerCard } from "./ServerCard.tsx";
import styles from "./SettingsPage.module.css";

export function SettingsPage() {
  const settings = useSettings();
  const { change } = settings;
  const theme = useWantedTheme();
  return (
    <>
      <Header title="Settings" />
      <div className={styles.page}>
        <Card title="Look">
          <Row name="Theme" hint="Key d switches between light and dark.">
            <Segmented
              label="Theme"
              value={theme.wanted}
              options={[
                ["system", "System"],
                ["light", "Light"],
                ["dark", "Dark"],
              ]}
              onChange={theme.choose}
            />
          </Row>
          <Row name="Density" hint="The height of rows in the table of runs.">
            <Segmented
              label="Density"
              value={settings.density}
              options={[
                ["28", "Compact"],
                ["32", "Usual"],
                ["40", "Roomy"],
              ]}
              onChange={(density) => change({ density })}
            />
          </Row>
          <Row name="Times" hint={`Now it is ${formatTime(Date.now())}.`}>
            <Segmented
              label="Times"
              value={settings.clock}
              options={[
                ["local", "This computer's zone"],
                ["utc", "UTC"],
              ]}
              onChange={(clock) => change({ clock })}
            />
          </Row>
          <Row
            name="Digits"
            hint={`${formatNumber(Math.PI / 10)}, ${formatNumber(Math.E * 1e-7)}. Whole values are in tooltips and exports.`}
          >
            <Segmented
              label="Digits"
              value={settings.digits}
              options={[
                ["4", "4"],
                ["6", "6"],
                ["all", "All"],
              ]}
              onChange={(digits) => change({ digits })}
            />
          </Row>
        </Card>
        <Card title="Charts and updates">
          <Row name="Smoothing" hint="Of charts whose address says nothing else.">
            <label className={styles.slider}>
              <span className="sr-only">Smoothing at first</span>
              <input
                type="range"
                min={0}
                max={0.99}
                step={0.01}
                value={settings.smoothing}
                onChange={(event) => change({ smoothing: Number(event.target.value) })}
              />
              <span className="num">{settings.smoothing.toFixed(2)}</span>
            </label>
          </Row>
          <Row name="Live updates" hint="New points and runs appear while you look.">
            <Switch label="Live updates" on={settings.live} onChange={(live) => change({ live })} />
          </Row>
          <Row name="Announcements" hint="Screen readers tell what happens, at most every ten seconds.">
            <Switch
              label="Announcements"
              on={settings.announced}
              onChange={(announced) => change({ announced })}
            />
          </Row>
          <Row name="Keyboard shortcuts" hint="Single keys such as j, k and x. Ctrl K always works.">
            <Switch label="Keyboard shortcuts" on={settings.keys} onChange={(keys) => change({ keys })} />
          </Row>
        </Card>
        <ServerCard />
        <p className={styles.note}>
          These settings are kept in this browser and change nothing for others.{" "}
          <Button look="quiet" onClick={() => change(DEFAULTS)}>
            Back to the defaults
          </Button>
        </p>
      </div>
    </>
  );
}

function Row({ name, hint, children }: { name: string; hint: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <div>
        <b>{name}</b>
        <small>{hint}</small>
      </div>
      {children}
    </div>
  );
}

function Switch({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <Segmented
      label={label}
      value={on ? "on" : "off"}
      options={[
        ["on", "On"],
        ["off", "Off"],
      ]}
      onChange={(value) => onChange(value === "on")}
    />
  );
}
