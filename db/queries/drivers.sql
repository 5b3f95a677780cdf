-- Which decay drives the limit at each mass, and how much weaker would the limit be without it?
--
--   strength_up           excluded signal over the signal at the coupling where it is largest; excluded if below 1
--   strength_up_without   the same if this decay were not counted
--   alone                 1: without this decay the mass is not excluded there
--
-- Parameters (NULL or not given: the default):
--   :experiment, :benchmark   which ones (default: all)
--   :kind                     of the contour (default: 'observed', and 'projection' where nothing was observed)
-- Needs stored contours; calls no function of the program, so it also runs in the sqlite3 shell.
SELECT experiment, benchmark, kind, mass_gev, coupling, decay, strength_up, strength_up_without,
       strength_up_without / strength_up AS ratio, strength_up < 1 AND strength_up_without >= 1 AS alone
FROM v_driver
WHERE drives = 1
  AND (:experiment IS NULL OR experiment = :experiment)
  AND (:benchmark IS NULL OR benchmark = :benchmark)
  AND (kind = :kind OR (:kind IS NULL AND kind IN ('observed', 'projection')))
ORDER BY experiment, benchmark, kind, mass_gev;
