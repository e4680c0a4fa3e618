# Runs histods from R and returns its output as a list of objects (docs/json.md); needs the package jsonlite.
#   source("histods.R")
#   histods("pull", "kather-2018")
#   slides <- list.files(histods("path", "kather-2018")[[1]]$path, "\\.tif$", recursive = TRUE, full.names = TRUE)
histods <- function(...) {
  # A failed command is an R error below, so R's own warning about its exit code is left out.
  lines <- suppressWarnings(system2("histods", shQuote(c(..., "--json", "--quiet")), stdout = TRUE))
  status <- attr(lines, "status")
  objects <- lapply(lines, jsonlite::fromJSON, simplifyVector = FALSE)
  for (problem in Filter(function(object) identical(object$event, "problem"), objects)) {
    hint <- if (is.null(problem$hint)) "" else paste0("\nhint: ", problem$hint)
    stop(problem$message, hint, call. = FALSE)
  }
  if (!is.null(status)) stop("histods ended with exit code ", status, call. = FALSE)
  invisible(objects)
}
