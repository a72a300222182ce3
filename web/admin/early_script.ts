/// Inline behind the scheme's script, before any file of scripts is here: the first questions go out, and the texts
/// of the page's language are sent for. The page takes the answers up in src/api/client.ts.
///
/// texts  where the texts of each language are
export function earlyScript(texts: Readonly<Record<"de" | "en", string>>): string {
  return (
    "(function(){" +
    'function a(n,b){var p=fetch("/api/"+n,{method:"POST",headers:{"Content-Type":"application/json","X-Hauspost":"1","X-Hauspost-Idle":"1"},body:JSON.stringify(b),credentials:"same-origin",cache:"no-store",redirect:"error"});p.catch(function(){});return p}' +
    'var e=window.hauspostEarly={"session/state":a("session/state",{})};' +
    'if(location.pathname==="/"){var t=new Date();t.setHours(0,0,0,0);e["overview/show"]=a("overview/show",{since:Math.floor(t/1000)})}' +
    `var l=document.createElement("link");l.rel="modulepreload";l.href=${JSON.stringify(texts)}[document.documentElement.lang];document.head.appendChild(l)` +
    "})()"
  );
}
