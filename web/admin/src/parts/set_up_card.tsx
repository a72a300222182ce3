import { t } from "@hauspost/frame";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import type { Service } from "../api/contract.ts";
import { setUpDataQuery } from "../api/queries.ts";

export function securityText(service: Service): string {
  return service.security === "tls" ? "SSL/TLS" : "STARTTLS";
}

export function serviceLabel(service: Service): string {
  if (service.protocol === "imap") return t("data.imap");
  return service.protocol === "pop3" ? t("data.pop3") : t("data.smtp");
}

/// What the printer gets; the screen does not show it.
export function SetUpCard({ made, withPassword }: { made: { address: string; displayName: string; password: string }; withPassword: boolean }): ReactNode {
  const services = useQuery(setUpDataQuery(made.address)).data?.services ?? [];
  return createPortal(
    <div className="print-sheet">
      <h2>{t("card.title", { subject: made.displayName === "" ? made.address : made.displayName })}</h2>
      <dl>
        <dt>{t("create.address")}</dt>
        <dd className="large">{made.address}</dd>
        {withPassword && (
          <>
            <dt>{t("password.label")}</dt>
            <dd className="large">{made.password}</dd>
          </>
        )}
      </dl>
      <p>{t("card.how")}</p>
      <dl>
        <dt>{t("data.user")}</dt>
        <dd>{made.address}</dd>
        {services.map((one) => (
          <div key={`${one.protocol}${String(one.port)}`} style={{ display: "contents" }}>
            <dt>{serviceLabel(one)}</dt>
            <dd>
              {one.host} · {one.port} · {securityText(one)}
            </dd>
          </div>
        ))}
      </dl>
      <p>{t("card.forgot")}</p>
    </div>,
    document.body,
  );
}
