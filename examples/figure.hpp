#pragma once
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include <Eigen/Core>

/// Where the examples write: $BIJOU_OUTPUT, or bijou_output/ here.
inline std::filesystem::path output_directory() {
  const char* chosen = std::getenv("BIJOU_OUTPUT");
  const std::filesystem::path path = chosen ? chosen : "bijou_output";
  std::filesystem::create_directories(path);
  return path;
}

/// A string of gnuplot. What could end it, or be a command within it, is written in octal digits: names come from
/// tables of strangers. The first of the four is 0, for gnuplot then reads all four, whatever follows.
inline std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte >= 128 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view(" _-.,:/()[]=").find(c) != std::string_view::npos;
    char octal[8];
    std::snprintf(octal, sizeof(octal), "\\%04o", unsigned{byte});
    out += plain ? std::string(1, c) : octal;
  }
  return out + "\"";
}

/// A figure of rows x columns panels, drawn by gnuplot as NAME.png. The script with all its numbers stays beside it as
/// NAME.gp; where gnuplot is missing that is all there is.
class Figure {
 public:
  Figure(std::string name, int rows, int columns, int panel_width = 420, int panel_height = 380,
         const std::string& title = "")
      : name_(std::move(name)) {
    const auto png = output_directory() / (name_ + ".png");
    script_ << "set terminal pngcairo size " << columns * panel_width << ","
            << rows * panel_height + (title.empty() ? 0 : 30) << " font 'Sans,11' background 'white'\n"
            << "set output " << quoted(png.string()) << "\n"
            << "set palette defined (0 '#fcfdfd', 0.15 '#cfe1ef', 0.4 '#73a9cf', 0.7 '#2b6ca8', 1 '#08234a')\n"
            << "set style line 1 lc rgb '#1f5fa8' lw 2.4\nset style line 2 lc rgb '#d1495b' lw 2.4\nset style line 3 "
               "lc rgb '#8a8f98' lw 1\n"
            << "set border lw 0.8 lc rgb '#555555'\nset tics nomirror out scale 0.5\nset key samplen 1.5 spacing 1.1 "
               "font ',10'\n"
            << "set multiplot layout " << rows << "," << columns
            << (title.empty() ? "" : " title " + quoted(title) + " font 'Sans,14'") << "\n";
  }
  /// Numbers that a panel plots as $name: one row a line.
  void data(const std::string& name, const auto& values) {
    script_ << "$" << name << " << EOD\n";
    for (Eigen::Index i = 0; i < values.rows(); ++i)
      for (Eigen::Index j = 0; j < values.cols(); ++j)
        script_ << double(values(i, j)) << (j + 1 < values.cols() ? ' ' : '\n');
    script_ << "EOD\n";
  }
  /// Lines of gnuplot.
  void draw(const std::string& lines) { script_ << lines << "\n"; }
  /// Values on a grid as shades, low to high; values(i, j) at x_j, y_i.
  void shades(const std::string& name, const Eigen::ArrayXXd& values, double x0, double x1, double y0, double y1,
              const std::string& title, const std::string& options = "") {
    data(name, values);
    const double dx = (x1 - x0) / double(values.cols()), dy = (y1 - y0) / double(values.rows());
    script_ << "set title " << quoted(title) << "\nset xrange [" << x0 << ":" << x1 << "]\nset yrange [" << y0 << ":"
            << y1 << "]\nset size ratio 1\nunset colorbox\n"
            << options << "\n"
            << "plot $" << name << " matrix using (" << x0 << "+($1+0.5)*" << dx << "):(" << y0 << "+($2+0.5)*" << dy
            << "):3 with image notitle\n";
  }
  ~Figure() {
    script_ << "unset multiplot\n";
    const auto script = output_directory() / (name_ + ".gp");
    std::ofstream(script) << script_.str();
    setenv("BIJOU_SCRIPT", script.c_str(), 1);  // the shell does not read a variable as its own language
    if (std::system("command -v gnuplot > /dev/null 2>&1") != 0)
      std::fprintf(stderr, "gnuplot is missing (apt-get install gnuplot-nox): it draws the figure from %s\n",
                   script.c_str());
    else if (std::system("gnuplot \"$BIJOU_SCRIPT\" 2> /dev/null") == 0)
      std::fprintf(stderr, "wrote %s\n", (output_directory() / (name_ + ".png")).c_str());
    else
      std::fprintf(stderr, "gnuplot failed on %s\n", script.c_str());
  }

 private:
  std::string name_;
  std::ostringstream script_;
};

/// Heights of a histogram as a density: rows (middle of the bin, density).
inline Eigen::ArrayXXd histogram(const auto& x, double low, double high, int bins) {
  Eigen::ArrayXXd h = Eigen::ArrayXXd::Zero(bins, 2);
  const double width = (high - low) / bins;
  for (int b = 0; b < bins; ++b) h(b, 0) = low + (b + 0.5) * width;
  for (Eigen::Index i = 0; i < x.size(); ++i)
    if (const double b = (double(x(i)) - low) / width; b >= 0 && b < bins)
      h(Eigen::Index(b), 1) += 1 / (width * double(x.size()));
  return h;
}
/// n x n points of [x0, x1] x [y0, y1], middle of the cells, row by row from below.
template <class T>
Eigen::Array<T, Eigen::Dynamic, 2> grid(int n, double x0, double x1, double y0, double y1) {
  Eigen::Array<T, Eigen::Dynamic, 2> g(n * n, 2);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      g.row(i * n + j) << T(x0 + (j + 0.5) * (x1 - x0) / n), T(y0 + (i + 0.5) * (y1 - y0) / n);
  return g;
}
/// Values of such a grid as a matrix.
inline Eigen::ArrayXXd as_matrix(const auto& values, int n) {
  Eigen::ArrayXXd m(n, n);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) m(i, j) = double(values(i * n + j));
  return m;
}
/// Lines of constant z1 and z2 through a cloud of points, for gnuplot: curves separated by blank lines.
template <class Map>
std::string curves(int lines, int points, double low, double high, const Map& map) {
  std::ostringstream out;
  for (int side = 0; side < 2; ++side)
    for (int l = 0; l < lines; ++l) {
      Eigen::Array<float, Eigen::Dynamic, 2> c(points, 2);
      for (int p = 0; p < points; ++p) {
        c(p, side) = float(low + (l + 0.5) * (high - low) / lines);
        c(p, 1 - side) = float(low + (p + 0.5) * (high - low) / points);
      }
      const auto y = map(c);
      for (int p = 0; p < points; ++p) out << y(p, 0) << ' ' << y(p, 1) << '\n';
      out << '\n';
    }
  return out.str();
}
