-- How many events would there be against the mass, at one width, at unit strength and BR = 1?
--
-- Parameters (NULL or not given: the default):
--   :width_gev                total width of X in GeV (default: 1e-16)
--   :experiment, :model, :production, :decay   which channels (default: all)
-- Asks the kernels, so any width will do. n_events() is a function of the program: use `beamdump sql`.
SELECT experiment, model, production, variant, settings, decay, region, mass_gev,
       coalesce(:width_gev, 1e-16) AS width_gev,
       n_events(kernel, coalesce(:width_gev, 1e-16)) AS n_events,
       n_events_err(kernel, coalesce(:width_gev, 1e-16)) AS n_events_err, status
FROM v_kernel
WHERE (:experiment IS NULL OR experiment = :experiment)
  AND (:model IS NULL OR model = :model)
  AND (:production IS NULL OR production = :production)
  AND (:decay IS NULL OR decay = :decay)
ORDER BY experiment, model, production, variant, settings, decay, region, mass_gev;
