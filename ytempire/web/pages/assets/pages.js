// The pages work without this. It chooses the browser's time zone, and follows links of an older form.
const zone = document.querySelector("#time_zone");
if (zone && !zone.value) {
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone; // one that isn't listed chooses none
}
if (/^\/(join|reset)$/.test(location.pathname) && location.hash.length > 20) {
  location.replace(location.pathname + "/" + encodeURIComponent(location.hash.slice(1)));
}
