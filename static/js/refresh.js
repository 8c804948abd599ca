// For televisions whose browser knows no modules: the page loads itself anew. Plain old script on purpose.
(function () {
  var seconds = Number(document.currentScript.getAttribute("data-seconds"));
  setTimeout(function () { location.reload(); }, seconds * 1000);
})();
