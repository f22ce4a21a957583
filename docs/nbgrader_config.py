"""Copy these four lines into your nbgrader course's nbgrader_config.py; docs/nbgrader.md says what they change."""

c = get_config()  # noqa: F821  # nbgrader defines it
c.CourseExporter.course = ""  # where this course with its hidden suites lies; "": in nbgrader's folder, or around it
c.GenerateAssignment.exporter_class = "autograder.nbgrader_plugin.ReleaseExporter"
c.Autograde.exporter_class = "autograder.nbgrader_plugin.SandboxExporter"
