/// Before the first paint, as the one inline script of each page: colour scheme and language, so that
/// nothing flashes. Its hash stands in the page's policy; tools/seal.ts makes it.
export const schemeScript =
  'try{var s=localStorage.getItem("hauspost-scheme"),l=localStorage.getItem("hauspost-language"),d=document.documentElement;' +
  'd.setAttribute("data-mantine-color-scheme",s==="light"||s==="dark"?s:matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light");' +
  'd.lang=l||(/^de/i.test(navigator.language)?"de":"en")}catch(e){document.documentElement.setAttribute("data-mantine-color-scheme","light")}';

export const schemeKey = "hauspost-scheme";
